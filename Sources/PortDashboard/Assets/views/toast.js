// Short messages about the results of actions. Screen readers read them out.

import { byId, h } from "../dom.js";

export function toast(message, { failed, hint } = {}) {
  const element = h(failed ? "p.toast.failed" : "p.toast", { role: failed && "alert" }, message, h("span.hint", hint));
  lift();
  const place = byId("toasts");
  place.append(element);
  if (place.childElementCount > 3) place.firstElementChild.remove();
  setTimeout(() => element.remove(), failed ? 10_000 : 5000);
}

/** Shows the messages above all dialogs, and inside the last modal one, outside of which screen readers see nothing. */
function lift() {
  const place = byId("toasts");
  const parent = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  if (place.parentElement !== parent) parent.append(place);
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

// Messages survive the dialog that they are in.
document.addEventListener("close", () => byId("toasts").childElementCount ? lift() : document.body.append(byId("toasts")), true);
