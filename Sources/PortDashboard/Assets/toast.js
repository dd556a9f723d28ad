// Short messages about what was done; screen readers read them out.

import { byId, h } from "./dom.js";

export function toast(message, { failed, hint } = {}) {
  const element = h(failed ? "p.toast.failed" : "p.toast", { role: failed && "alert" }, message, h("span.hint", hint));
  lift();
  const place = byId("toasts");
  place.append(element);
  if (place.childElementCount > 3) place.firstElementChild.remove();
  setTimeout(() => element.remove(), failed ? 10_000 : 5000);
}

/** Above all dialogs, and in the last that is modal: whatever is outside of it does not exist for screen readers. */
function lift() {
  const place = byId("toasts");
  const parent = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  if (place.parentElement !== parent) parent.append(place);
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

// A dialog takes none along.
document.addEventListener("close", () => byId("toasts").childElementCount ? lift() : document.body.append(byId("toasts")), true);
