// Connects the parts: changes of the daemon go into the store, the store notifies the views, and buttons send requests.

import { copy, listenForActions, listenForKeys } from "./actions.js";
import { byId } from "./dom.js";
import { confirmKill, confirmRelease } from "./views/confirm.js";
import { nameOf } from "./data/model.js";
import { showReserveForm } from "./views/reserve.js";
import { Store } from "./data/store.js";
import { keepCurrent } from "./data/sync.js";
import { visible } from "./text.js";
import { toast } from "./views/toast.js";
import { showDaemon } from "./views/daemon.js";
import { makeDrawer } from "./views/drawer.js";
import { address, showFilter } from "./views/filter.js";
import { showPools } from "./views/pools.js";
import { showPorts } from "./views/ports.js";

const store = new Store();
// The lists come first, because people wait for them.
showPorts(store);
const setFilter = showFilter(store);
showPools(store);
showDaemon(store);
const details = makeDrawer(store);

listenForActions({
  details,
  close: () => byId("drawer").close(),
  copy: (port, { dataset }) => copy(dataset.text ?? String(port)),
  kill: (port) => confirmKill(store, port),
  release: (port) => confirmRelease(store, port),
  reserve: () => showReserveForm(store),
  claim: (port) => showReserveForm(store, port),
  clear: () => setFilter({ text: "", state: "", app: "" }),
});
listenForKeys(setFilter);

const link = Number(address().get("port"));
let linked = Number.isInteger(link) && link > 0 && link < 65536 ? link : 0;
store.subscribe(({ all }) => {
  if (all && linked) details(linked);
  if (all) linked = 0;
});

// Sticky elements cover what is below them, so the style sheet needs their heights, which depend on their content.
const heights = new ResizeObserver((entries) => {
  for (const { target } of entries) document.documentElement.style.setProperty(`--${target.id}`, `${target.offsetHeight}px`);
});
for (const id of ["banner", "bar"]) heights.observe(byId(id));

/** Reloads the page of another version of the daemon. An open dialog is closed by the user first. */
function reload() {
  const dialog = document.querySelector(".modal[open]");
  if (dialog) dialog.addEventListener("close", reload);
  else location.reload();
}

keepCurrent(store, (change, { port, allocation, reason } = {}) => {
  if (change === "gone") toast("The daemon is gone", { failed: true });
  if (change === "updated") reload();
  if (change === "back") toast("The daemon is back");
  const whose = allocation ? ` of ${nameOf(allocation)}` : "";
  if (change === "conflict") toast(`Another process listens on ${port}${whose}`, { failed: true, hint: visible(reason) });
});
