// Handles buttons and keys for the whole page. A button names its action in `data-action`; its port is that of the
// nearest ancestor with `data-port`.

import { byId } from "./dom.js";
import { toast } from "./views/toast.js";
import { neighbour } from "./views/ports.js";

/** Copies a text. The clipboard is available because loopback addresses are secure contexts. */
export const copy = (text) => navigator.clipboard.writeText(text).then(
  () => toast(`Copied ${text}`), () => toast("the browser does not allow copying", { failed: true }));

/** Calls the handler of an action with the port and the button. */
export function listenForActions(handlers) {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-action]");
    const place = target.closest("[data-port]");
    const port = Number(place?.dataset.port);
    if (button) return handlers[button.dataset.action](port, button);
    // A click anywhere in a row opens its details, unless text in it is selected.
    if (place?.matches(".row") && !target.closest("a") && !String(getSelection())) handlers.details(port);
  });
}

/** Handles the keys other than Tab and Enter. */
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
