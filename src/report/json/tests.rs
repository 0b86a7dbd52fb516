use super::{Value, json, member, parsed, write_json_line, write_object};

#[test]
fn what_acts_is_escaped_and_read_back_as_it_was() {
    let name = "a\u{1b}[31m\u{7f}\u{9b}2J\u{202e}\u{2028}β\"\\\n漢";
    let value = json!({ name: [name, 1.5], "empty": {} });
    let mut line = Vec::new();
    write_json_line(&mut line, &value).unwrap();
    let mut pretty = Vec::new();
    write_object(&mut pretty, &value).unwrap();
    for text in [&line, &pretty] {
        assert_eq!(parsed(text).unwrap(), value);
    }
    let line = String::from_utf8(line).unwrap();
    assert!(!line.trim_end().contains(crate::visible::acts) && line.contains("β"), "{line}");
    assert!(line.contains("\\u009b2J\\u202e\\u2028"), "{line}");
}

#[test]
fn a_member_that_cannot_be_read_is_named() {
    let object = json!({ "drugs": "twelve", "candidates": null });
    assert_eq!(member::<Option<usize>>(&object, "candidates"), Ok(None));
    assert_eq!(member::<Option<usize>>(&object, "absent"), Ok(None));
    for (object, name, cause) in [
        (&object, "drugs", "`drugs`: invalid type: string \"twelve\", expected usize"),
        (&object, "absent", "missing field `absent`"),
        (&Value::Null, "drugs", "missing field `drugs`"),
    ] {
        assert_eq!(member::<usize>(object, name).unwrap_err(), cause);
    }
}
