"""What axe finds on a page that keeps somebody from using it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Contrast takes most of the time of axe, on long tables above all, and follows from elements,
# classes and styles: of the rows of a list, one of each make is looked at. All else is of all rows.
SERIOUS = """
async () => {
  const shape = (element) => [
    element.tagName, ...[...element.attributes].map((each) =>
      ["class", "style"].includes(each.name) ? `${each.name}=${each.value}` : each.name),
    element.textContent.trim() !== "", ...[...element.children].map(shape),
  ].join(" ");
  for (const list of document.querySelectorAll("tbody, ol, ul")) {
    const known = new Set();
    for (const row of list.children) {
      if (known.has(shape(row))) row.setAttribute("data-again", "");
      known.add(shape(row));
    }
  }
  const contrast = await axe.run(
    { exclude: [["[data-again]"]] },
    { runOnly: ["color-contrast"], resultTypes: ["violations"] });
  const rest = await axe.run(
    document, { rules: { "color-contrast": { enabled: false } }, resultTypes: ["violations"] });
  return [...contrast.violations, ...rest.violations]
    .filter((each) => ["serious", "critical"].includes(each.impact));
}
"""


def serious(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds on a page that is serious or critical."""
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(SERIOUS)
    return found
