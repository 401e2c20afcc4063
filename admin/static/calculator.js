/* The ras calculator: sends what is marked and typed, shows what the database makes of it. */
(function () {
  "use strict";

  const form = document.getElementById("calculator");
  const rows = document.getElementById("calculator-rows");
  const shown = document.getElementById("calculator-result");
  const problem = document.getElementById("calculator-problem");
  const rest = document.getElementById("calculator-rest");
  const boxes = [...form.querySelectorAll("[data-invoice]")];
  const all = document.getElementById("calculator-all");
  const number = new Intl.NumberFormat(window.desk.persian ? "fa-IR" : "en-US");
  const nothing = shown.innerHTML;
  let asked = 0, timer = null, answer = {};

  const parts = () => [...rows.children].map((row) => ({
    amount: row.querySelector("[data-part=amount]").value,
    due_date: row.querySelector("[data-part=due_date]").value,
  }));

  async function look() {
    const mine = ++asked;
    const invoices = boxes.filter((box) => box.checked).map((box) => box.dataset.invoice);
    problem.hidden = true;
    rest.hidden = true;
    if (!invoices.length) {
      shown.innerHTML = nothing;
      return;
    }
    const data = new FormData();
    data.set("plan", JSON.stringify({ invoices, cheques: parts() }));
    try {
      const said = await window.desk.send(form.dataset.result, data);
      if (mine !== asked) return;
      answer = said;
      shown.innerHTML = said.html;
      rest.hidden = !said.left;
    } catch (error) {
      if (mine !== asked) return;
      problem.textContent = [error.sentence || error.message, error.hint].filter(Boolean).join(" ");
      problem.hidden = false;
    }
  }

  function changed() {
    all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
    [...rows.children].forEach((row, place) => {
      row.querySelector("[data-place]").textContent = number.format(place + 1);
    });
    clearTimeout(timer);
    timer = setTimeout(look, 200);
  }

  function add(amount) {
    const row = document.getElementById("calculator-row").content.cloneNode(true).firstElementChild;
    rows.append(row);
    const input = row.querySelector("[data-part=amount]");
    input.value = amount || "";
    changed();
    return input;
  }

  document.getElementById("calculator-add").addEventListener("click", () => add().focus());
  rest.addEventListener("click", () => {
    add(answer.left).closest("tr").querySelector("[data-part=due_date]").focus();
  });
  document.getElementById("calculator-print").addEventListener("click", () => window.print());
  all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    changed();
  });
  form.addEventListener("click", (event) => {
    if (event.target.matches("[data-remove]")) {
      event.target.closest("tr").remove();
      changed();
    } else if (event.target.matches("[data-take-day]")) {
      const last = rows.lastElementChild.querySelector("[data-part=due_date]");
      last.value = answer.balancing;
      last.focus();
      changed();
    }
  });
  form.addEventListener("input", (event) => { if (event.target.matches("[data-part]")) changed(); });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-part], [data-invoice]")) changed();
  });
  form.addEventListener("keydown", (event) => {
    // Enter in the last row begins another one.
    if (event.key !== "Enter" || !event.target.matches("[data-part]")) return;
    event.preventDefault();
    if (rows.lastElementChild.contains(event.target)) add().focus();
  });
  add();
})();
