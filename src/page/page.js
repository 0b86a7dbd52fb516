
"use strict";
// Names what is pointed at: at once under a mouse, and under a finger, where titles of the browser never appear.
(() => {
  const tip = document.getElementById("tip");
  let shown = null, restore = () => {};
  const hide = () => { restore(); restore = () => {}; shown = null; tip.hidden = true; };
  const named = (x, y) => {
    const element = document.elementFromPoint(x, y);
    const owner = element && element.closest("figure [title], figure svg :is(path, circle, g)");
    const group = owner && owner.closest("g");
    return [owner, group].find(e => e && (e.hasAttribute("title") || e.querySelector(":scope > title")));
  };
  // A finger is wide: look around it, nearest first.
  const near = (x, y, reach) => {
    for (let r = 0; r <= reach; r += 4)
      for (let turn = 0; turn < (r ? 8 : 1); turn++) {
        const found = named(x + r * Math.cos(turn * Math.PI / 4), y + r * Math.sin(turn * Math.PI / 4));
        if (found) return found;
      }
    return null;
  };
  // The element's own title is taken away meanwhile, so that it does not appear twice.
  const show = (element, x, y) => {
    if (element !== shown) {
      hide();
      shown = element;
      const title = element.querySelector(":scope > title");
      const text = title ? title.textContent : element.getAttribute("title");
      const group = element.closest("[data-class]");
      tip.textContent = group ? text + "\n" + group.dataset.class : text;
      if (title) { title.textContent = ""; restore = () => { title.textContent = text; }; }
      else { element.removeAttribute("title"); restore = () => element.setAttribute("title", text); }
      tip.hidden = false;
    }
    const box = tip.getBoundingClientRect(), edge = document.documentElement;
    const above = y - box.height - 14;
    tip.style.left = Math.max(4, Math.min(x + 12, edge.clientWidth - box.width - 4)) + "px";
    tip.style.top = (above > 4 ? above : y + 20) + "px";
  };
  const point = (event, reach) => {
    const found = near(event.clientX, event.clientY, reach);
    if (found) show(found, event.clientX, event.clientY); else hide();
  };
  addEventListener("pointermove", event => { if (event.pointerType === "mouse") point(event, 0); });
  addEventListener("pointerdown", event => { if (event.pointerType !== "mouse") point(event, 16); });
  addEventListener("scroll", hide, { passive: true });
})();
