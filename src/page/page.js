
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
// Sorts, searches and copies tables. Without it they are complete, in their order.
(() => {
  const text = cell => cell.textContent.trim();
  const number = cell => text(cell) === "" ? "" : Number(text(cell).replace("\u2212", "-").replaceAll(",", ""));
  const copy = async (lines, button) => {
    const content = lines.map(line => line.join("\t")).join("\n") + "\n";
    try { await navigator.clipboard.writeText(content); }
    catch {
      // Pages opened from a disk may not write the clipboard otherwise.
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = content;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  const sort = (table, head, column) => {
    const numbers = head.classList.contains("number");
    // Numbers start with the largest, except what is better when small.
    const first = numbers && !["rank", "p", "q"].includes(text(head)) ? "descending" : "ascending";
    const other = first === "descending" ? "ascending" : "descending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const body = table.tBodies[0], sign = order === "ascending" ? 1 : -1;
    const rows = [...body.rows].map(row => [row, numbers ? number(row.cells[column]) : text(row.cells[column])]);
    const empty = value => value === "";
    rows.sort(([, a], [, b]) => empty(a) - empty(b) || (empty(a) ? 0 : sign * (numbers ? a - b : a.localeCompare(b))));
    body.append(...rows.map(([row]) => row));
  };
  for (const box of document.querySelectorAll("[data-sortable]")) {
    const table = box.querySelector("table");
    if (!table) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.className = "sorts";
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head, column));
      head.append(button);
    });
    const tools = document.createElement("div"), search = document.createElement("input"), button = document.createElement("button");
    tools.className = "tools";
    search.type = "search";
    search.placeholder = "Search";
    search.setAttribute("aria-label", "Search the table");
    search.addEventListener("input", () => {
      const wanted = search.value.toLowerCase();
      for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    button.type = "button";
    button.textContent = "Copy as TSV";
    button.addEventListener("click", () => {
      const rows = [table.tHead.rows[0], ...table.tBodies[0].rows].filter(row => !row.hidden);
      copy(rows.map(row => [...row.cells].map(text)), button);
    });
    tools.append(search, button);
    box.querySelector(".scroll").before(tools);
  }
})();
