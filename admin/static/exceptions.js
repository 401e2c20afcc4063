/* How often each rule is met: counted after the page has come, as it takes a look through the book. */
(function () {
  "use strict";

  const place = document.querySelector("[data-counts]");
  fetch(place.dataset.counts, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : {}))
    .then((counts) => {
      place.querySelectorAll("[data-rule]").forEach((cell) => {
        cell.textContent = counts[cell.dataset.rule] ?? "–";
      });
    });
})();
