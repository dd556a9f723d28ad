// Short messages about what was done; screen readers read them out.

import { byId, h } from "./dom.js";

export function toast(message, { failed, hint } = {}) {
  const place = byId("toasts");
  const element = h(failed ? "p.toast.failed" : "p.toast", message, h("span.hint", hint));
  // Again each time: what was shown last is above all dialogs.
  place.hidePopover();
  place.showPopover();
  place.append(element);
  if (place.childElementCount > 3) place.firstElementChild.remove();
  setTimeout(() => element.remove(), failed ? 10_000 : 5000);
}
