/* Settling by hand: collects what is to be written, shows what it would do, saves. */
(function () {
  "use strict";

  const form = document.getElementById("settle");
  const pins = document.getElementById("settle-pins");
  const problem = document.getElementById("settle-problem");
  const refused = document.getElementById("settle-refused");
  const shown = document.getElementById("settle-effect");
  const save = document.getElementById("settle-save");
  const words = JSON.parse(document.getElementById("settle-words").textContent);
  const all = (selector) => [...form.querySelectorAll(selector)];
  let seen = null, asked = 0, timer = null;

  /* What is changed against the page as it was loaded. */
  function plan() {
    const amounts = {}, flags = {};
    all("tr[data-pin]:not(.is-gone)").forEach((row) => {
      const input = row.querySelector("[data-amount]");
      if (input.value !== input.defaultValue) amounts[row.dataset.pin] = input.value;
    });
    all("[data-flag]").forEach((box) => {
      if (box.checked !== box.defaultChecked) flags[box.dataset.flag] = box.checked;
    });
    return {
      pins: all("tr[data-new]").map((row) => ({
        credit: row.dataset.credit, invoice: row.dataset.invoice,
        amount: row.querySelector("[data-amount]").value,
      })),
      unpin: all("tr[data-pin].is-gone").map((row) => row.dataset.pin),
      amounts, flags,
    };
  }

  const isEmpty = (said) => !said.pins.length && !said.unpin.length
    && !Object.keys(said.amounts).length && !Object.keys(said.flags).length;

  function refuse(error) {
    refused.textContent = [error.sentence || error.message, error.hint].filter(Boolean).join(" ");
    refused.hidden = false;
  }

  function body() {
    const data = new FormData();
    data.set("plan", JSON.stringify(plan()));
    if (seen) data.set("seen", seen);
    return data;
  }

  function show(answer) {
    shown.innerHTML = answer.html;
    seen = answer.seen;
    all("tr[data-new]").forEach((row, place) => {
      row.querySelector(".gives").textContent = answer.made[place];
    });
    all("tr[data-pin]").forEach((row) => {
      row.querySelector(".gives").textContent = answer.gives[row.dataset.pin] || "–";
    });
    if (answer.otherwise) refuse({ sentence: answer.otherwise });
    save.disabled = false;
  }

  async function look() {
    const mine = ++asked;
    seen = null;
    save.disabled = true;
    refused.hidden = true;
    if (isEmpty(plan())) {
      shown.textContent = words.nothing;
      return;
    }
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await window.desk.send(form.dataset.effect, body());
      if (mine === asked) show(answer);
    } catch (error) {
      if (mine === asked) refuse(error);
    }
    if (mine === asked) shown.removeAttribute("aria-busy");
  }

  function changed() {
    document.getElementById("settle-new").hidden = !pins.children.length;
    save.disabled = true;
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  }

  function add(credit, creditName, invoice, invoiceName) {
    const row = document.getElementById("settle-row").content.cloneNode(true).firstElementChild;
    row.dataset.credit = credit;
    row.dataset.invoice = invoice;
    row.querySelector("[data-part=credit]").textContent = creditName;
    row.querySelector("[data-part=invoice]").textContent = invoiceName;
    const input = row.querySelector("[data-amount]");
    input.setAttribute("aria-label", `${input.getAttribute("aria-label")}: ${creditName}, ${invoiceName}`);
    pins.append(row);
    return input;
  }

  document.getElementById("settle-pin").addEventListener("click", () => {
    const invoices = all("[data-invoice]:checked"), credits = all("[data-credit]:checked");
    problem.textContent = "";
    if (!invoices.length || !credits.length) {
      problem.textContent = words.both;
    } else if (invoices.length > 1 && credits.length > 1) {
      problem.textContent = words.many;
    } else {
      const made = credits.flatMap((credit) => invoices.map((invoice) => add(
        credit.dataset.credit, credit.dataset.name, invoice.dataset.invoice, invoice.dataset.name)));
      [...invoices, ...credits].forEach((box) => { box.checked = false; });
      changed();
      made[0].focus();
    }
  });

  document.getElementById("settle-add").addEventListener("click", () => {
    const credit = document.getElementById("settle-credit");
    const invoice = document.getElementById("settle-invoice");
    problem.textContent = credit.value && invoice.value ? "" : words.none;
    if (problem.textContent) return;
    const input = add(
      credit.value, credit.selectedOptions[0].textContent.split(" · ")[0], invoice.value,
      invoice.selectedOptions[0].textContent.split(" · ")[0]);
    changed();
    input.focus();
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove], [data-unpin]");
    if (!button) return;
    const row = button.closest("tr");
    if (button.matches("[data-remove]")) row.remove();
    else button.setAttribute("aria-pressed", String(row.classList.toggle("is-gone")));
    changed();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-flag], [data-amount]")) changed();
  });
  form.addEventListener("input", (event) => {
    // What is shown is of the amount before; it is looked at again when the field is left.
    if (event.target.matches("[data-amount]")) {
      asked += 1;
      seen = null;
      save.disabled = true;
    }
  });
  form.addEventListener("keydown", (event) => {
    // Enter in a field shows the effect; only the button saves.
    if (event.key === "Enter" && event.target.matches("[data-amount]")) {
      event.preventDefault();
      event.target.blur();
      event.target.focus();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!seen) return;
    save.disabled = true;
    refused.hidden = true;
    try {
      const answer = await window.desk.send(form.dataset.save, body());
      if (answer.saved) window.location.assign(window.location.pathname);
      else show(answer);
    } catch (error) {
      refuse(error);
      save.disabled = false;
    }
  });
})();
