/* Lists whose rows are marked: mark all, count and add up, offer what all of them allow. */
(function () {
  "use strict";

  const form = document.getElementById("act");
  if (!form) return;
  const boxes = [...document.querySelectorAll("input[type=checkbox][form=act]")];
  const all = document.querySelector("[data-mark-all]");
  const said = JSON.parse(document.getElementById("act-steps").textContent);
  const to = document.getElementById("act-to");
  const chosen = document.getElementById("act-chosen");
  const words = to ? Object.fromEntries([...to.options].map((each) => [each.value, each.text])) : {};
  const number = new Intl.NumberFormat(window.desk.persian ? "fa-IR" : "en-US");
  const buttons = [...form.querySelectorAll("button[type=submit]")];

  function offer(marked) {
    // A step is offered if every state among the marked ones has it.
    const states = [...new Set(marked.map((box) => box.dataset.status))];
    const steps = states.map((state) => new Map(said.steps[state] || []));
    const shared = states.length ? [...steps[0].keys()].filter(
      (step) => steps.every((each) => each.has(step))) : [];
    const was = to.value;
    to.replaceChildren(new Option("–", ""), ...shared.map((step) => new Option(
      steps.every((each) => each.get(step)) ? said.correction.replace("%s", words[step]) : words[step],
      step)));
    to.value = shared.includes(was) ? was : "";
    return shared.length;
  }

  function count() {
    const marked = boxes.filter((box) => box.checked);
    const sums = {};
    marked.forEach((box) => {
      sums[box.dataset.unit] = (sums[box.dataset.unit] || 0) + Number(box.dataset.amountOf);
    });
    const sum = Object.entries(sums).map(([unit, each]) => `${number.format(each)} ${unit}`).join(" + ");
    const can = !to || offer(marked) > 0;
    chosen.textContent = !marked.length ? said.none : !can ? said.apart
      : said.chosen.replace("%c", number.format(marked.length)).replace("%s", sum);
    buttons.forEach((button) => { button.disabled = !marked.length || !can; });
    if (all) {
      all.checked = marked.length > 0 && marked.length === boxes.length;
      all.indeterminate = marked.length > 0 && !all.checked;
    }
  }

  boxes.forEach((box) => box.addEventListener("change", count));
  if (all) all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    count();
  });
  count();
})();
