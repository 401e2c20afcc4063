/* The dashboard: asks for each part by itself, and draws its figures, charts and tables. */
(function () {
  "use strict";

  const root = document.getElementById("dashboard");
  const { rtl, persian } = window.desk;
  const scale = JSON.parse(root.dataset.scale);
  const locale = persian ? "fa-IR" : "en-US";
  const FONT = "Vazirmatn, sans-serif";
  const INK = "#1c2733", SOFT = "#56616d", LINE = "#d9dee3";
  const BRAND = "#0f4c5c", LATE = "#a61b29", EARLY = "#1b6338", DOUBT = "#d99a2b";
  const AGES = ["#2e7d5b", "#c9a227", "#dd8a1f", "#cf6120", "#b93a25", "#8f1522"];
  const MOST = 16; // bars beside names that can be read; the table has them all
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const number = (value, places) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: places }).format(value);

  /* A large amount with a word, as the server writes it. */
  function brief(rials) {
    const value = rials / scale.divisor;
    for (const [size, word] of scale.words) {
      if (Math.abs(value) >= size) return `${number(value / size, 1)} ${word}`;
    }
    return number(value, 0);
  }

  const days = (value) => number(value, 0);
  const safe = (words) => window.echarts.format.encodeHTML(String(words));
  const short = (words, most) => (words.length > most ? words.slice(0, most - 1) + "…" : words);

  function element(tag, words, attributes) {
    const made = document.createElement(tag);
    if (words !== undefined) made.textContent = words;
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    return made;
  }

  function linked(words, href) {
    const made = href ? element("a", undefined, { href }) : document.createDocumentFragment();
    made.append(element("bdi", words));
    return made;
  }

  /* Each figure has its place already, so that nothing moves when it comes. */
  function showFigures(places, figures) {
    figures.forEach((each, i) => {
      const box = places[i], value = element("dd");
      if (each.tone) box.classList.add(`figure-${each.tone}`);
      box.dataset.figure = each.name;
      value.append(linked(each.text, each.href));
      box.replaceChildren(element("dt", each.label), value);
      if (each.note) box.append(element("dd", each.note, { class: "note" }));
      box.setAttribute("aria-busy", "false");
    });
  }

  /* The same numbers as a table: for those who don't see the chart, and for copying. */
  function showTable(panel, data, first) {
    const head = element("tr");
    head.append(element("th", first, { scope: "col" }),
      ...data.columns.map((each) => element("th", each.label, { scope: "col", class: "number" })));
    panel.querySelector("thead").replaceChildren(head);
    panel.querySelector("tbody").replaceChildren(...data.rows.map((row) => {
      const line = element("tr");
      const name = element("th", undefined, { scope: "row" });
      name.append(linked(row.label, row.href));
      line.append(name, ...row.texts.map((words) => {
        const cell = element("td", undefined, { class: "number" });
        cell.append(element("bdi", words));
        return cell;
      }));
      return line;
    }));
    panel.querySelector("details").hidden = false;
  }

  const column = (data, name) => data.columns.findIndex((each) => each.name === name);
  const values = (data, name) => {
    const at = column(data, name);
    return data.rows.map((row) => (row.values[at] === null ? null : Number(row.values[at])));
  };

  const tip = (data) => ({
    trigger: "axis", axisPointer: { type: "shadow" }, confine: true,
    textStyle: { fontFamily: FONT, fontSize: 12, color: INK },
    extraCssText: `direction:${rtl ? "rtl" : "ltr"};text-align:start`,
    formatter: (found) => told(data, (Array.isArray(found) ? found[0] : found).dataIndex),
  });

  function told(data, at) {
    const row = data.rows[at];
    return [`<b>${safe(row.label)}</b>`,
      ...data.columns.map((each, i) => `${safe(each.label)}: <bdi>${safe(row.texts[i])}</bdi>`),
    ].join("<br>");
  }

  const words = (more) => Object.assign({ color: SOFT, fontFamily: FONT, fontSize: 11 }, more);
  const category = (data, more) => Object.assign({
    type: "category", inverse: rtl, data: data.rows.map((row) => row.label),
    axisLabel: words({ hideOverlap: true }), axisLine: { lineStyle: { color: LINE } },
    axisTick: { show: false },
  }, more);
  const amounts = (format, more) => Object.assign({
    type: "value", position: rtl ? "right" : "left", splitNumber: 4,
    axisLabel: words({ formatter: format }), splitLine: { lineStyle: { color: LINE } },
  }, more);
  const frame = (more) => Object.assign({
    left: 8, right: 8, top: 12, bottom: 8, containLabel: true }, more);
  const legend = () => ({
    bottom: 0, itemWidth: 14, itemHeight: 9, icon: "roundRect",
    textStyle: words({ fontSize: 12, color: INK }) });
  const bar = (data, name, more) => Object.assign({
    type: "bar", name: data.columns[column(data, name)].label, data: values(data, name),
    barMaxWidth: 42,
  }, more);

  const OPTIONS = {
    aging: (data) => ({
      // All six in a phone's width: the last word of each stands in a line of its own.
      grid: frame(), tooltip: tip(data), xAxis: category(data, { axisLabel: words({
        interval: 0, fontSize: 10, lineHeight: 14,
        formatter: (label) => label.replace(/ (?=\S+$)/, "\n") }) }),
      yAxis: amounts(brief),
      series: [bar(data, "open_amount", {
        data: values(data, "open_amount").map((value, i) => ({
          value, itemStyle: { color: AGES[i] } })) })],
    }),

    settlement: (data) => ({
      grid: frame({ bottom: 34 }), tooltip: tip(data), legend: legend(), xAxis: category(data),
      yAxis: amounts(days),
      series: [
        bar(data, "settlement_period_days", { itemStyle: { color: BRAND } }),
        { type: "line", name: data.columns[column(data, "variance_days")].label,
          data: values(data, "variance_days"), symbolSize: 7, lineStyle: { width: 2 },
          itemStyle: { color: LATE } },
      ],
    }),

    forecast: (data) => ({
      grid: frame({ bottom: 34 }), tooltip: tip(data), legend: legend(), xAxis: category(data),
      yAxis: amounts(brief),
      series: [
        bar(data, "certain_amount", { stack: "all", itemStyle: { color: BRAND } }),
        bar(data, "doubtful_amount", { stack: "all", itemStyle: { color: DOUBT } }),
      ],
    }),

    payers: (data) => sideways(data, "lateness_days", (value) => (value > 0 ? LATE : EARLY)),

    depth: (data) => sideways(data, "debt_depth_days", () => BRAND),

    regions: (data) => {
      const open = values(data, "open_amount"), depth = values(data, "debt_depth_days");
      const most = Math.max(...open, 1);
      const [west, south, east, north] = extent(data);
      return {
        tooltip: Object.assign(tip(data), { trigger: "item" }),
        geo: {
          map: "around", roam: true, silent: true, boundingCoords: [[west, north], [east, south]],
          itemStyle: { areaColor: "#eef1f3", borderColor: "#aab4bd" },
          emphasis: { disabled: true }, scaleLimit: { min: 1, max: 12 },
        },
        visualMap: {
          dimension: 3, min: 0, max: Math.max(30, ...depth), calculable: false, orient: "horizontal",
          left: "center", bottom: 0, itemHeight: 90, itemWidth: 10, precision: 0,
          text: [days(Math.max(30, ...depth)), days(0)],
          inRange: { color: [EARLY, "#c9a227", "#cf6120", "#8f1522"] }, textStyle: words(),
        },
        series: [{
          type: "scatter", coordinateSystem: "geo",
          symbolSize: (value) => 8 + 34 * Math.sqrt(value[2] / most),
          itemStyle: { opacity: 0.82, borderColor: "#fff" }, cursor: "pointer",
          label: { show: true, position: "bottom", distance: 2, fontFamily: FONT, fontSize: 10,
            color: INK, formatter: (point) => data.rows[point.dataIndex].label },
          labelLayout: { hideOverlap: true },
          emphasis: { label: { fontWeight: "bold" } },
          data: data.rows.map((row, i) => [row.at[0], row.at[1], open[i], depth[i]]),
        }],
      };
    },
  };

  /* Bars beside names, the first row at the top. */
  function sideways(data, name, colour) {
    return {
      grid: frame(), tooltip: tip(data),
      yAxis: category(data, { inverse: true, position: rtl ? "right" : "left",
        axisLabel: words({ interval: 0, formatter: (label) => short(label, 22) }) }),
      xAxis: amounts(days, { inverse: rtl, position: "bottom" }),
      series: [bar(data, name, {
        barMaxWidth: 18,
        data: values(data, name).map((value) => ({ value, itemStyle: { color: colour(value) } })) })],
    };
  }

  function extent(data) {
    const wide = data.rows.map((row) => row.at[0]), high = data.rows.map((row) => row.at[1]);
    const room = (low, top) => Math.max(1.2, (top - low) * 0.12);
    const [west, east] = [Math.min(...wide), Math.max(...wide)];
    const [south, north] = [Math.min(...high), Math.max(...high)];
    return [west - room(west, east), south - room(south, north),
      east + room(west, east), north + room(south, north)];
  }

  /* The countries round the regions, cut from the map of the world. */
  async function drawLand(data) {
    const world = await (await fetch(root.dataset.world)).json();
    const [west, south, east, north] = extent(data);
    const lands = window.topojson.feature(world, world.objects.countries).features
      .filter((land) => {
        const points = land.geometry ? land.geometry.coordinates.flat(Infinity) : [];
        let [w, s, e, n] = [180, 90, -180, -90];
        for (let i = 0; i < points.length; i += 2) {
          w = Math.min(w, points[i]); e = Math.max(e, points[i]);
          s = Math.min(s, points[i + 1]); n = Math.max(n, points[i + 1]);
        }
        return w < east + 20 && e > west - 20 && s < north + 12 && n > south - 12 && e - w < 180;
      });
    window.echarts.registerMap("around", { type: "FeatureCollection", features: lands });
  }

  async function show(panel, name, data) {
    const nothing = panel.querySelector(".chart-nothing"), place = panel.querySelector(".chart");
    if (data.rows.length === 0) {
      nothing.textContent = scale.nothing;
      nothing.hidden = false;
      place.remove();
      panel.setAttribute("aria-busy", "false");
      return;
    }
    showTable(panel, data, panel.querySelector("h2").textContent);
    if (name === "regions") {
      data = Object.assign({}, data, { rows: data.rows.filter((row) => row.at) });
      if (data.rows.length === 0) { panel.remove(); return; }
      await drawLand(data);
    }
    if (name === "depth") data = Object.assign({}, data, { rows: data.rows.slice(0, MOST) });
    if (name === "forecast") {
      data = Object.assign({}, data, { rows: data.rows.filter((row) => !row.is_rest) });
    }
    panel.setAttribute("aria-busy", "false");
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(Object.assign({
      animation: !still, textStyle: { fontFamily: FONT, color: INK } }, OPTIONS[name](data)));
    chart.on("click", (point) => {
      const row = data.rows[point.dataIndex];
      if (row && row.href) window.location.assign(row.href);
    });
    new ResizeObserver(() => {
      if (place.clientWidth > 0 && place.clientWidth !== chart.getWidth()) chart.resize();
    }).observe(place);
  }

  const CHARTS = {
    debt: { aging: "aging", regions: "regions", depth: "regions" },
    settlement: { settlement: "settlement" }, money: {},
    forecast: { forecast: "forecast" }, payers: { payers: "payers" },
  };

  async function load(part) {
    const figures = [...root.querySelectorAll(`[data-figures=${part}]`)];
    const panels = Object.entries(CHARTS[part]).map(
      ([name, source]) => [name, source, document.getElementById(`chart-${name}`)]);
    try {
      const response = await fetch(root.dataset.url + part + window.location.search,
        { headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (!response.ok) throw Object.assign(new Error(answer.sentence), answer);
      showFigures(figures, answer.figures);
      await Promise.all(panels.map(
        ([name, source, panel]) => show(panel, name, answer.charts[source])));
    } catch (problem) {
      const said = problem.sentence ? `${problem.sentence} ${problem.hint || ""}` : scale.failed;
      figures.forEach((box) => {
        box.replaceChildren(element("dt", scale.missing), element("dd", "–"));
        box.setAttribute("aria-busy", "false");
      });
      panels.forEach(([, , panel]) => {
        panel.querySelector(".chart").replaceWith(
          element("p", said, { class: "alert alert-danger", role: "alert" }));
        panel.setAttribute("aria-busy", "false");
      });
    }
  }

  // Text is drawn on a canvas: the font must be there first.
  const font = Promise.race([
    document.fonts.load("12px Vazirmatn", "۱A"), new Promise((done) => setTimeout(done, 1500))]);
  font.catch(() => null).then(() => Object.keys(CHARTS).forEach(load));
})();
