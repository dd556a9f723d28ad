// Buttons and keys, heard in one place. A button names its action in `data-action`; the port is that of the nearest element
// with `data-port`.

import { byId } from "./dom.js";
import { toast } from "./toast.js";
import { neighbour } from "./view-ports.js";

/** Allowed, because loopback addresses are secure contexts. */
export const copy = (text) => navigator.clipboard.writeText(text).then(
  () => toast(`Copied ${text}`), () => toast("the browser does not allow copying", { failed: true }));

/** `handlers` by action; each gets the port and the button. */
export function listenForActions(handlers) {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-action]");
    const place = target.closest("[data-port]");
    const port = Number(place?.dataset.port);
    if (button) return handlers[button.dataset.action](port, button);
    // A row is one big target, unless text in it is selected.
    if (place?.matches(".row") && !target.closest("a") && !String(getSelection())) handlers.details(port);
  });
}

/** The keys beside Tab and Enter. */
export function listenForKeys(setFilter) {
  const [search, drawer] = [byId("search"), byId("drawer")];

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog:modal")) return;
    if (key === "Escape") {
      if (target === search && search.value) setFilter({ text: "" });
      else if (drawer.open) drawer.close();
      else search.blur();
      return event.preventDefault();
    }
    if (target === search && (key === "ArrowDown" || key === "Enter")) return move(event, document.querySelector(".row .port"));
    if (target.matches("input, textarea, select")) return;
    if (key === "/") {
      search.select();
      return move(event, search);
    }
    const row = target.closest(".row");
    if (!row) return;
    if (key === "ArrowDown" || key === "j") move(event, neighbour(row, 1));
    if (key === "ArrowUp" || key === "k") move(event, neighbour(row, -1));
    if (key === "c") copy(row.dataset.port);
    if (key === "o") row.querySelector(".open").click();
  });

  function move(event, element) {
    event.preventDefault();
    element?.focus();
  }
}
