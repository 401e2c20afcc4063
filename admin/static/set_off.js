/* Entering a set-off: legs are added and taken out, the two sides are weighed while one types. */
(function () {
  "use strict";

  const form = document.getElementById("set-off");
  if (!form) return;
  const live = document.getElementById("set-off-live");
  let asked = 0, timer = null;

  async function look() {
    const mine = ++asked;
    const data = new FormData(form);
    data.set("do", "live");
    data.delete("seen");
    const response = await fetch(form.action, { method: "POST", body: data });
    if (mine === asked && response.ok) live.innerHTML = await response.text();
  }

  function changed() {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  }

  form.addEventListener("click", (event) => {
    if (event.target.matches("[data-add-leg]")) {
      const leg = event.target.parentElement.querySelector("template").content.cloneNode(true)
        .firstElementChild;
      event.target.before(leg);
      window.desk.attachLookups(leg);
      leg.querySelector("select").tomselect.focus();
    } else if (event.target.matches("[data-remove-leg]")) {
      event.target.closest(".leg").remove();
      changed();
    }
  });
  form.addEventListener("change", changed);
})();
