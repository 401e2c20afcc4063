/* Rows of a form that can be added and taken away; names carry their number: lines-0-days. */
(function () {
  "use strict";

  const numbered = /^(.*-)\d+(-[^-]+)$/;
  const percent = (text) => Number(window.desk.ascii(text).replace("٫", ".")) || 0;

  document.querySelectorAll("table[data-rows]").forEach((table) => {
    const body = table.tBodies[0], name = table.dataset.rows;
    const sum = document.querySelector(`[data-sum-of="${name}"]`);
    let next = body.rows.length;

    const add = () => {
      const fields = [...body.querySelectorAll("input[name$=-percent]")];
      const whole = fields.reduce((total, field) => total + percent(field.value), 0);
      sum.textContent = `${new Intl.NumberFormat(document.documentElement.lang === "fa" ? "fa-IR" : "en-US").format(whole)}${window.desk.persian ? "٪" : "%"}`;
      sum.classList.toggle("is-short", Math.abs(whole - 100) > 1e-9);
    };

    document.querySelector(`[data-add-row="${name}"]`).addEventListener("click", () => {
      const row = body.rows[body.rows.length - 1].cloneNode(true);
      row.querySelectorAll(".field-error").forEach((each) => each.remove());
      row.querySelectorAll("input").forEach((input) => {
        input.name = input.id = input.name.replace(numbered, `$1${next}$2`);
        input.value = "";
        input.classList.remove("is-invalid");
      });
      next += 1;
      body.append(row);
      row.querySelector("input").focus();
    });

    body.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove-row]");
      if (!button) return;
      const row = button.closest("tr");
      if (body.rows.length > 1) row.remove();
      else row.querySelectorAll("input").forEach((input) => { input.value = ""; });
      body.querySelector("input").focus();
      add();
    });
    body.addEventListener("input", add);
    add();
  });
})();
