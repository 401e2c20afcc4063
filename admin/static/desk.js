/* What every page does: the menu of narrow screens, look-ups, date picker, groups of digits. */
(function () {
  "use strict";

  const rtl = document.documentElement.dir === "rtl";
  const persian = document.documentElement.lang === "fa";
  const unreachable = document.body.dataset.unreachable;

  document.querySelectorAll("[data-toggle-menu]").forEach((button) => {
    button.addEventListener("click", () => {
      const open = document.getElementById("menu").classList.toggle("is-open");
      button.setAttribute("aria-expanded", String(open));
    });
  });

  // What is on its way is not sent twice, however impatient one is; who stops it can send it anew.
  const PATIENCE = 30000;
  let sent = -PATIENCE;
  document.addEventListener("submit", (event) => {
    const form = event.target, words = form.dataset.confirm;
    // Not form.method: payments have a field of that name.
    if (form.getAttribute("method") !== "post" || event.defaultPrevented) return;
    if (event.timeStamp - sent < PATIENCE || (words && !window.confirm(words))) {
      event.preventDefault();
    } else {
      sent = event.timeStamp;
    }
  });
  window.addEventListener("pageshow", () => { sent = -PATIENCE; });

  if (window.jalaliDatepicker && document.querySelector("[data-jdp]")) {
    window.jalaliDatepicker.startWatch({
      persianDigits: persian, autoReadOnlyInput: false, minDate: "attr", maxDate: "attr",
      showCloseBtn: false, hideAfterChange: true,
    });
  }

  /* Amounts of a form are typed in the currency of the account chosen in it. */
  function showUnit(form, currency) {
    form.querySelectorAll("[data-unit]").forEach((unit) => {
      unit.textContent = currency === "IRR" ? unit.dataset.unit : currency;
    });
  }
  document.addEventListener("change", (event) => {
    if (event.target.id === "currency") showUnit(event.target.form, event.target.value);
  });

  // Who goes on by the keyboard leaves the calendar too. A click leaves it by itself, and not before
  // it is done: what is clicked stands higher while the calendar is open on a narrow screen.
  function leaveCalendar(event) {
    if (!window.jalaliDatepicker || event.target.closest("jdp-container, [data-jdp]")) return;
    if (event.target.matches(":focus-visible")) window.jalaliDatepicker.hide();
  }
  document.addEventListener("focusin", leaveCalendar);
  // On a narrow screen it lies at the foot of the page, which makes room for it.
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-jdp]")) event.target.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && window.jalaliDatepicker) window.jalaliDatepicker.hide();
  });

  function attachLookups(root) {
    root.querySelectorAll("select[data-lookup]").forEach((select) => {
      if (select.tomselect) return;
      let isReached = true;
      const other = () =>
        select.dataset.dependsOn ? document.getElementById(select.dataset.dependsOn) : null;
      // The picker takes the label for its own input: the select beneath keeps the words.
      const label = root.querySelector(`label[for="${select.id}"]`);
      if (label) select.setAttribute("aria-label", label.textContent.trim());
      const picker = new window.TomSelect(select, {
        valueField: "id", labelField: "text", searchField: [], maxOptions: 50,
        allowEmptyOption: false, preload: select.dataset.dependsOn ? "focus" : false,
        plugins: select.required ? [] : { clear_button: { title: select.dataset.clear || "×" } },
        shouldLoad: (typed) => select.dataset.dependsOn || typed.length > 0,
        load: (typed, done) => {
          const query = new URLSearchParams({ q: typed });
          if (other()) query.set("account_id", other().value);
          fetch(`${select.dataset.lookup}?${query}`)
            .then((response) => response.json())
            .then((found) => { isReached = true; done(found.results); })
            .catch(() => { isReached = false; done(); });
        },
        // What the server found is what is offered, in its order.
        score: () => () => 1,
        render: {
          option: (found, escape) => `<div><bdi>${escape(found.text)}</bdi></div>`,
          item: (found, escape) => `<div><bdi>${escape(found.text)}</bdi></div>`,
          no_results: () => `<div class="no-results">${isReached ? "–" : unreachable}</div>`,
        },
      });
      for (const name of ["aria-describedby", "aria-invalid"]) {
        if (select.hasAttribute(name)) {
          picker.control_input.setAttribute(name, select.getAttribute(name));
        }
      }
      if (other()) {
        other().addEventListener("change", () => { picker.clear(); picker.clearOptions(); });
      }
      picker.on("change", (id) => {
        const chosen = picker.options[id];
        if (select.form && chosen && chosen.currency) showUnit(select.form, chosen.currency);
      });
    });
  }

  const ascii = (text) => text.replace(/[۰-۹٠-٩]/g, (digit) => String(digit.codePointAt(0) & 15));

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("[data-amount]")) return;
    const bare = ascii(input.value).replace(/[,٬،\s]/g, "").replace("٫", ".");
    if (!/^\d+(\.\d+)?$/.test(bare)) return;
    const [whole, part] = bare.split(".");
    input.value = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
  });

  /* Send a form or an object and read JSON; a refusal rejects with its sentence and hint. */
  async function send(url, body) {
    const token = document.querySelector("input[name=csrf_token]");
    const unit = document.querySelector("input[name=amounts_in]");
    let response, answer;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: {
          Accept: "application/json", "X-CSRFToken": token ? token.value : "",
          "X-Amounts-In": unit ? unit.value : "",
        },
        body: body instanceof FormData ? body : JSON.stringify(body),
      });
      answer = await response.json();
    } catch {
      throw new Error(unreachable);
    }
    if (answer.token && token) token.value = answer.token;
    if (!response.ok) throw Object.assign(new Error(answer.sentence), answer);
    return answer;
  }

  attachLookups(document);

  // What was refused is read out, and the keyboard goes on from there instead of from the menu.
  const refused = [...document.querySelectorAll("main .alert-danger, main .field-error")]
    .find((each) => each.textContent.trim());
  if (refused) {
    refused.tabIndex = -1;
    refused.focus();
  }
  // A new row is typed from its first empty field on, one after the other. Not where fingers type:
  // the keyboard would cover what the page says.
  const fresh = refused || !window.matchMedia("(pointer: fine)").matches
    ? null : document.querySelector("form[data-new]");
  const first = fresh && [...fresh.elements].find((each) =>
    !each.value && each.matches(".form-control") && !each.closest(".ts-wrapper"));
  if (first) (first.tomselect || first).focus();
  window.desk = { attachLookups, ascii, send, rtl, persian };
})();
