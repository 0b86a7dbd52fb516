//! A report is drawn by a real browser: every figure, at every width, in both themes, with nothing on the console.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use l1kdb::page::{Block, Page, Section};
use tempfile::TempDir;

use crate::needs::browser;

mod sample;

/// What a browser made of a page.
struct Shown {
    dom: String,
    /// Lines of its log that the page's console wrote.
    console: Vec<String>,
}

/// Headless Chromium with a profile of its own.
struct Browser {
    program: OsString,
    home: TempDir,
}

impl Browser {
    fn find() -> Option<Self> {
        Some(Self { program: browser()?, home: tempfile::tempdir().unwrap() })
    }

    fn save(&self, name: &str, html: &str) -> PathBuf {
        let path = self.home.path().join(name);
        fs::write(&path, html).unwrap();
        path
    }

    /// Loads a file in a window of `width` and waits until its scripts are done.
    fn load(&self, file: &Path, width: usize, dark: bool) -> Shown {
        let output = self.run(file, width, dark);
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        let dom = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(dom.contains("</html>"), "{:?} printed no page\n{log}", self.program);
        let console = log.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
        Shown { dom, console }
    }

    fn run(&self, file: &Path, width: usize, dark: bool) -> std::process::Output {
        let profile = tempfile::tempdir_in(self.home.path()).unwrap();
        let mut command = Command::new(&self.program);
        command
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args([
                "--disable-dev-shm-usage",
                "--enable-logging=stderr",
                "--v=0",
                "--virtual-time-budget=2000",
            ])
            .arg(format!("--window-size={width},1200"))
            .arg(format!("--blink-settings=preferredColorScheme={}", if dark { 0 } else { 1 }))
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("--dump-dom")
            .arg(format!("file://{}", file.display()));
        within(Duration::from_secs(120), &mut command)
    }
}

/// Runs a program that might never end.
fn within(limit: Duration, command: &mut Command) -> std::process::Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let [out, log] = [drain(child.stdout.take().unwrap()), drain(child.stderr.take().unwrap())];
    let start = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if start.elapsed() > limit => {
                child.kill().unwrap();
                break child.wait().unwrap();
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    std::process::Output { status, stdout: out.join().unwrap(), stderr: log.join().unwrap() }
}

fn drain(mut pipe: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

fn html() -> String {
    written(&sample::page())
}

fn written(page: &Page) -> String {
    let mut html = Vec::new();
    page.write(&mut html).unwrap();
    String::from_utf8(html).unwrap()
}

/// Measures a page from within and tells the page around it, or writes the answer into its own text.
const PROBE: &str = r#"<script>addEventListener("load", () => {
  const box = e => e.getBoundingClientRect();
  const figures = [...document.querySelectorAll("figure")].map(figure => {
    const marks = [...figure.querySelectorAll("svg .line, svg .mark, svg .bar, svg .steps, svg circle, svg.map path, svg .whisker, td[style]")];
    const seen = marks.filter(e => !e.closest(".legend") && box(e).width + box(e).height > 0);
    return [figure.dataset.figure, Math.round(box(figure).width), Math.round(box(figure).height), seen.length].join(" ");
  });
  const beyond = [...document.querySelectorAll("figure, .table, .facts, p")].filter(e => box(e).right > innerWidth + 0.5);
  const page = ["page", innerWidth, document.documentElement.scrollWidth, beyond.length].join(" ");
  const background = getComputedStyle(document.body).backgroundColor;
  const text = [page, ...figures, "background " + background].map(line => "pro" + "be: " + line).join("\n");
  if (parent === window) document.body.append(text); else parent.postMessage(text, "*");
});</script></body>"#;

const LISTENER: &str =
    "<script>addEventListener(\"message\", event => document.body.append(event.data))</script>";

/// What the probe says of a page in a window of `width`.
///
/// A window cannot be as narrow as a phone, so the page is shown in a frame.
fn probed(browser: &Browser, html: &str, width: usize, dark: bool) -> Vec<String> {
    let page = browser.save("probed.html", &html.replace("</body>", PROBE));
    let frame = format!(
        "<iframe src=\"{}\" width=\"{width}\" height=\"800\" style=\"border:0\"></iframe>",
        page.display()
    );
    let wrapper = format!("<!doctype html><html><body>{LISTENER}{frame}</body></html>");
    let file = if width < 600 { browser.save("frame.html", &wrapper) } else { page };
    let shown = browser.load(&file, width.max(800), dark);
    assert_eq!(shown.console, [""; 0]);
    probes(&shown)
}

/// The lines that a probe wrote into a page.
fn probes(shown: &Shown) -> Vec<String> {
    let lines = shown.dom.lines().filter_map(|line| line.split_once("probe: "));
    lines.map(|(_, told)| told.trim_end_matches("</body></html>").to_owned()).collect()
}

fn numbers(line: &str) -> Vec<usize> {
    line.split(' ').skip(1).map(|number| number.parse().unwrap()).collect()
}

#[test]
fn every_figure_is_drawn_on_a_phone_and_on_a_wide_screen() {
    let Some(browser) = Browser::find() else { return };
    let least = [
        ("recall-curve", 4 + 4 * 4),
        ("roc", 4 + 4 * 4),
        ("quantile-histogram", 2),
        ("strata", 19 * 4 * 2),
        ("class-auc", 14 * 2),
        ("confusion", 14 * 14),
        ("map", 900),
        ("confusion-mechanism", 30 * 30),
        ("no-curve", 0),
    ];
    for width in [360, 1600] {
        let lines = probed(&browser, &html(), width, false);
        let page = numbers(&lines[0]);
        assert_eq!(page[0], width, "the page's width is that of its window");
        assert!(page[1] <= width && page[2] == 0, "at {width}: nothing reaches beyond the page: {page:?}");
        assert_eq!(lines.len(), 1 + least.len() + 1, "{lines:?}");
        for ((name, marks), line) in least.iter().zip(&lines[1..]) {
            let found = numbers(line);
            assert!(line.starts_with(&format!("{name} ")), "{line} instead of {name}");
            assert!(
                found[0] >= 300 && found[1] >= 60 && found[2] >= *marks,
                "at {width}: {line}, expected {marks} marks"
            );
        }
    }
}

#[test]
fn nothing_is_on_the_console() {
    let Some(browser) = Browser::find() else { return };
    let sound = browser.load(&browser.save("page.html", &html()), 1200, false);
    assert_eq!(sound.console, [""; 0]);
    assert_eq!(sound.dom.matches("<figure").count(), 9);
    for fault in [
        "console.error('fault')",
        "no_such_thing()",
        "document.body.append(new Image().src = 'https://example.org/x.png')",
    ] {
        let faulty = html().replace("</body>", &format!("<script>{fault};</script></body>"));
        let shown = browser.load(&browser.save("faulty.html", &faulty), 1200, false);
        println!("{:?}", shown.console);
        assert!(!shown.console.is_empty(), "{fault} passed unnoticed");
    }
}

/// Points at the last drug of the map with a mouse, then taps a little beside it.
const POINTER: &str = r#"<script>addEventListener("load", () => {
  const tip = document.getElementById("tip"), dots = document.querySelectorAll("svg.map circle");
  const dot = dots[dots.length - 1];
  dot.scrollIntoView({ block: "center" });
  const box = dot.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const told = [];
  const point = (kind, pointerType, clientX, clientY) => {
    dispatchEvent(new PointerEvent(kind, { pointerType, clientX, clientY }));
    told.push(tip.hidden ? "nothing" : tip.textContent.replace("\n", " | "));
  };
  point("pointermove", "mouse", x, y);
  told.push(dot.querySelector("title").textContent || "no second name");
  point("pointermove", "mouse", 1, 1);
  told.push(dot.querySelector("title").textContent);
  point("pointerdown", "touch", x + 7, y);
  document.body.append(told.map(line => "pro" + "be: " + line).join("\n"));
});</script></body>"#;

#[test]
fn a_drug_is_named_under_a_mouse_and_under_a_finger() {
    let Some(browser) = Browser::find() else { return };
    let shown = browser.load(&browser.save("pointed.html", &html().replace("</body>", POINTER)), 1200, false);
    assert_eq!(shown.console, [""; 0]);
    let told = probes(&shown);
    // The text of the page is read as HTML, so names are escaped.
    let named = told[0].strip_suffix(" | J Antiinfectives for systemic use").expect("name and class");
    assert!(told[3].starts_with(named), "the name returns when the mouse leaves: {told:?}");
    assert_eq!((told[1].as_str(), told[2].as_str()), ("no second name", "nothing"));
    assert!(told[4].contains(" | "), "a drug within a finger's width: {told:?}");
}

#[test]
fn a_map_of_twenty_thousand_drugs_is_drawn() {
    let Some(browser) = Browser::find() else { return };
    let blocks = vec![Block::Map(sample::map(20_000))];
    let sections = vec![Section { title: "Map".into(), blocks }];
    let page = Page { title: "Large".into(), subtitle: String::new(), sections };
    let html = written(&page);
    assert!(html.len() < 4_000_000, "{}", html.len());
    let lines = probed(&browser, &html, 1600, false);
    assert_eq!(numbers(&lines[1])[2], 20_000, "{}", lines[1]);
}

#[test]
fn light_and_dark_differ() {
    let Some(browser) = Browser::find() else { return };
    let background = |dark| probed(&browser, &html(), 1600, dark).pop().unwrap();
    let (light, dark) = (background(false), background(true));
    assert_eq!(light, "background rgb(255, 255, 255)");
    assert!(dark.starts_with("background rgb(") && dark != light, "{dark}");
}

#[test]
fn the_pages_of_an_evaluation_are_drawn_at_every_width_and_silent() {
    let Some(browser) = Browser::find() else { return };
    let curves = [("recall-curve", 4 + 4 * 2), ("roc", 4 + 4 * 4), ("quantile-histogram", 2)];
    let retrieval = [&curves[..], &[("strata", 4 * 10), ("map", 150)]].concat();
    let bars = [("accuracy", 2 * 4), ("balanced-accuracy", 2 * 4)];
    let classes = [&bars[..], &[("confusion", 5 * 5), ("classes", 2 * 5), ("map", 150)]].concat();
    let pages = [(sample::evaluation::retrieval(), retrieval), (sample::evaluation::classes(), classes)];
    for (page, least) in pages {
        let html = written(&page);
        for width in [360, 1600] {
            let lines = probed(&browser, &html, width, width == 360);
            let page = numbers(&lines[0]);
            assert!(
                page[1] <= width && page[2] == 0,
                "at {width}: nothing reaches beyond the page: {page:?}"
            );
            assert_eq!(lines.len(), 1 + least.len() + 1, "{lines:?}");
            for ((name, marks), line) in least.iter().zip(&lines[1..]) {
                assert!(line.starts_with(&format!("{name} ")), "{line} instead of {name}");
                assert!(numbers(line)[2] >= *marks, "at {width}: {line}, expected {marks} marks");
            }
        }
    }
}

#[test]
fn the_page_of_an_answer_is_drawn_at_every_width_and_silent() {
    let Some(browser) = Browser::find() else { return };
    let least =
        [("score-by-rank", 2), ("map", 100), ("classes", 10), ("leading-genes", 6 * 20), ("strip", 1)];
    let html = written(&sample::answer::page(&[3]));
    for width in [360, 1600] {
        let lines = probed(&browser, &html, width, width == 360);
        let page = numbers(&lines[0]);
        assert!(page[1] <= width && page[2] == 0, "at {width}: nothing reaches beyond the page: {page:?}");
        for (name, marks) in least {
            let line = lines.iter().find(|line| line.starts_with(&format!("{name} ")));
            let found = numbers(line.unwrap_or_else(|| panic!("no {name} in {lines:?}")));
            assert!(found[2] >= marks, "at {width}: {name} {found:?}, expected {marks} marks");
        }
    }
    let several = written(&sample::answer::page(&[3, 40]));
    assert_eq!(browser.load(&browser.save("several.html", &several), 1200, false).console, [""; 0]);
}

/// Sorts the first table by its score, twice, searches it, and copies what is left.
const TOOLS: &str = r#"<script>addEventListener("load", async () => {
  const box = document.querySelector("[data-sortable]"), rows = () => [...box.querySelectorAll("tbody tr")];
  const told = [], first = () => told.push(rows()[0].cells[0].textContent + " " + rows().length);
  const score = [...box.querySelectorAll("th button")].find(button => button.textContent === "score");
  let copied = "";
  Object.defineProperty(navigator, "clipboard", { value: { writeText: async text => { copied = text; } } });
  first();
  score.click(); first();
  score.click(); first();
  told.push(score.closest("th").getAttribute("aria-sort"));
  const search = box.querySelector("input"), wanted = rows()[2].cells[0].textContent;
  search.value = wanted.toUpperCase();
  search.dispatchEvent(new Event("input"));
  told.push(wanted + " " + rows().filter(row => !row.hidden).length);
  box.querySelector(".tools button").click();
  await null;
  told.push(copied.trimEnd().split("\n").length + " " + copied.startsWith("drug\trank\tscore") + " " + copied.includes("\n" + wanted + "\t"));
  document.body.append(told.map(line => "pro" + "be: " + line).join("\n"));
});</script></body>"#;

#[test]
fn tables_of_an_answer_are_sorted_searched_and_copied() {
    let Some(browser) = Browser::find() else { return };
    let html = written(&sample::answer::page(&[3])).replace("</body>", TOOLS);
    let shown = browser.load(&browser.save("tools.html", &html), 1200, false);
    assert_eq!(shown.console, [""; 0]);
    let told = probes(&shown);
    assert_eq!(told[0], told[1], "hits are in order of their scores: {told:?}");
    assert!(told[0] != told[2] && told[3] == "ascending", "{told:?}");
    assert!(told[4].ends_with(" 1"), "one row is found: {told:?}");
    assert_eq!(told[5], "2 true true", "{told:?}");
}
