/* While a file is read and judged: how far it has come; then the page with the result. */
(function () {
  "use strict";

  const box = document.getElementById("import-progress");
  const words = box.querySelector("[data-words]");
  const bar = box.querySelector("progress");
  const number = new Intl.NumberFormat(document.documentElement.lang);

  async function look() {
    try {
      const response = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
      const state = await response.json();
      if (!["waiting", "reading", "judging"].includes(state.status)) {
        window.location.reload();
        return;
      }
      words.textContent = box.dataset[state.status]
        + (state.rows ? ` ${number.format(state.rows)} ${box.dataset.rows}` : "");
      if (state.status === "reading" && state.size) {
        bar.max = state.size;
        bar.value = state.done;
      } else {
        bar.removeAttribute("value");
      }
    } catch (error) {
      // The server may be starting anew: ask again.
    }
    window.setTimeout(look, 1000);
  }

  window.setTimeout(look, 500);
})();
