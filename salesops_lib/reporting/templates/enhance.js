// Sorting and filtering of tables. The page is whole without it.
(function () {
  function key(cell, isNumber) {
    var text = cell.textContent.trim().replace(/^▾ /, "");
    if (text === "–" || text === "") return null;
    var found = text.replace(/−/g, "-").replace(/,/g, "").match(/^(-?)[^\d-]{0,4}(\d+(?:\.\d+)?)([KMB])?/);
    if (/^\d{1,2} [A-Z][a-z]{2,8} \d{4}/.test(text)) return Date.parse(text);
    if (!isNumber || !found) return text.toLowerCase();
    return (found[1] ? -1 : 1) * found[2] * ({ K: 1e3, M: 1e6, B: 1e9 }[found[3]] || 1);
  }
  function sort(table, place, header) {
    var isNumber = table.classList.contains("so-n" + (place + 1)) || header.classList.contains("so-n");
    var up = header.getAttribute("aria-sort") === "descending" || (!header.hasAttribute("aria-sort") && !isNumber);
    table.querySelectorAll("[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
    var rows = Array.from(table.tBodies[0].rows).map(function (row, at) { return { row: row, key: key(row.cells[place], isNumber), at: at }; });
    rows.sort(function (a, b) {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.at - b.at;
      return (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) * (up ? 1 : -1) || a.at - b.at;
    });
    rows.forEach(function (each) { table.tBodies[0].appendChild(each.row); });
  }
  function make(tag, text) {
    var made = document.createElement(tag);
    made.textContent = text;
    return made;
  }
  function filter(table) {
    var rows = Array.from(table.tBodies[0].rows), total = Number(table.dataset.rows) || rows.length;
    var all = rows.length.toLocaleString("en") + " rows" + (total > rows.length ? " shown" : "");
    var box = document.createElement("div"), label = make("label", "Filter rows "), input = document.createElement("input"), count = make("span", "");
    box.className = "so-filter";
    input.type = "search";
    // Read out when it changes, without leaving the box.
    count.setAttribute("role", "status");
    count.setAttribute("aria-live", "polite");
    label.append(input);
    box.append(label, count);
    if (total > rows.length) {
      var note = make("span", "Searches the " + all + " of " + total.toLocaleString("en"));
      var foot = table.parentNode.nextElementSibling, csv = foot && foot.querySelector("a[download]");
      if (csv) {
        var link = csv.cloneNode();
        link.textContent = "the CSV";
        note.append("; all are in ", link);
      }
      note.append(". Sorting orders these rows only.");
      note.id = table.caption.id + "-searched";
      input.setAttribute("aria-describedby", note.id);
      box.append(note);
    }
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      var found = rows.filter(function (row) {
        row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
        return !row.hidden;
      }).length;
      count.textContent = wanted && found.toLocaleString("en") + " of " + all + (found === 1 ? " matches." : " match.");
    });
    table.parentNode.before(box);
  }
  document.querySelectorAll(".so-table").forEach(function (table) {
    var body = table.tBodies[0];
    if (body.rows.length < 5) return;
    Array.from(table.tHead.rows[0].cells).forEach(function (header, place) {
      if (body.querySelector("tr > :nth-child(" + (place + 1) + ") .so-spark")) return;
      // A button would vanish from the headers that Chromium repeats on paper.
      var press = document.createElement("span");
      press.setAttribute("role", "button");
      press.tabIndex = 0;
      while (header.firstChild) press.appendChild(header.firstChild);
      header.appendChild(press);
      press.addEventListener("click", function () { sort(table, place, header); });
      press.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(table, place, header); }
      });
    });
    if (body.rows.length >= 13) filter(table);
  });
  // A link into folded data opens it.
  function open() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  addEventListener("hashchange", open);
  open();
})();
