use super::{Axis, Block, Heading, Lines, Page, Section, Series};

fn written(page: &Page) -> String {
    let mut html = Vec::new();
    page.write(&mut html).unwrap();
    String::from_utf8(html).unwrap()
}

fn page(blocks: Vec<Block>) -> Page {
    let sections = vec![Section::new("R & D", blocks)];
    Page { title: "<script>alert(1)</script>".into(), subtitle: "\"quoted\"".into(), sections }
}

#[test]
fn text_never_becomes_markup() {
    let facts = vec![("command".to_owned(), "l1kdb eval --report '<out>.html'".to_owned())];
    let blocks =
        vec![Block::Text("a < b\n\nc & d".into()), Block::Warning("\"x\"".into()), Block::Facts(facts)];
    let html = written(&page(blocks));
    assert_eq!(html.matches("<script>").count(), 1, "the page's own");
    assert!(
        html.contains("<p>a &lt; b</p>\n<p>c &amp; d</p>") && html.contains("&#39;&lt;out&gt;.html&#39;")
    );
}

#[test]
fn the_page_loads_nothing() {
    let html = written(&page(vec![Block::Text("text".into())]));
    for outside in ["http:", "https:", "src=", "url(", "@import", "//"] {
        let own = html.lines().filter(|line| !line.trim_start().starts_with("//"));
        assert_eq!(own.filter(|line| line.contains(outside)).count(), 0, "{outside}");
    }
}

#[test]
fn a_page_without_figures_is_a_page() {
    let html = written(&Page { title: String::new(), subtitle: String::new(), sections: Vec::new() });
    assert!(html.starts_with("<!doctype html>") && html.ends_with("</html>\n") && !html.contains("<figure"));
}

#[test]
fn figures_that_follow_each_other_share_a_row_and_are_numbered() {
    let lines = |name| {
        Block::Lines(Lines {
            heading: Heading::new(name, "Curve").n("3 points"),
            x: Axis::linear("x"),
            y: Axis::linear("y"),
            series: vec![Series::new("one", Vec::new())],
            diagonal: None,
            verticals: Vec::new(),
        })
    };
    let html = written(&page(vec![lines("a"), lines("a"), Block::Text("text".into()), lines("b")]));
    assert_eq!(html.matches("<div class=\"figures\">").count(), 2);
    for part in [
        "id=\"a\"",
        "id=\"a_2\"",
        "id=\"b\"",
        "Figure 3.</b> N = 3 points.",
        "nothing to draw: there is no point",
    ] {
        assert!(html.contains(part), "{part}");
    }
}
