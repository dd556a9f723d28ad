// The daemon's changes go into the store, the store tells the views, buttons ask the daemon.

import { copy, listenForActions, listenForKeys } from "./actions.js";
import { byId } from "./dom.js";
import { askKill, askRelease } from "./ending.js";
import { nameOf } from "./model.js";
import { askReserve } from "./reserve.js";
import { Store } from "./store.js";
import { keepCurrent } from "./sync.js";
import { visible } from "./text.js";
import { toast } from "./toast.js";
import { showDaemon } from "./view-daemon.js";
import { makeDrawer } from "./view-drawer.js";
import { address, showFilter } from "./view-filter.js";
import { showPools } from "./view-pools.js";
import { showPorts } from "./view-ports.js";

const store = new Store();
// The lists first: they are what people wait for.
showPorts(store);
const setFilter = showFilter(store);
showPools(store);
showDaemon(store);
const details = makeDrawer(store);

listenForActions({
  details,
  close: () => byId("drawer").close(),
  copy: (port, { dataset }) => copy(dataset.text ?? String(port)),
  kill: (port) => askKill(store, port),
  release: (port) => askRelease(store, port),
  reserve: () => askReserve(store),
  claim: (port) => askReserve(store, port),
  clear: () => setFilter({ text: "", state: "", app: "" }),
});
listenForKeys(setFilter);

const link = Number(address().get("port"));
let linked = Number.isInteger(link) && link > 0 && link < 65536 ? link : 0;
store.subscribe(({ all }) => {
  if (all && linked) details(linked);
  if (all) linked = 0;
});

// What sticks to the top covers what is beneath it, and is as high as its content.
const heights = new ResizeObserver((entries) => {
  for (const { target } of entries) document.documentElement.style.setProperty(`--${target.id}`, `${target.offsetHeight}px`);
});
for (const id of ["banner", "bar"]) heights.observe(byId(id));

/** Another version of the daemon has another page. A question is answered first. */
function renew() {
  const question = document.querySelector(".modal[open]");
  if (question) question.addEventListener("close", renew);
  else location.reload();
}

keepCurrent(store, (news, { port, allocation, reason } = {}) => {
  if (news === "gone") toast("The daemon is gone", { failed: true });
  if (news === "renewed") renew();
  if (news === "back") toast("The daemon is back");
  const whose = allocation ? ` of ${nameOf(allocation)}` : "";
  if (news === "conflict") toast(`A stranger listens on ${port}${whose}`, { failed: true, hint: visible(reason) });
});
