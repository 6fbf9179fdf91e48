//! What is refused, with its line.

use super::{chart, imported};
use statecraft::exchange::scxml::{DEPTH_LIMIT, ScxmlError, read_scxml};

#[test]
fn what_cannot_be_expressed_is_refused_with_its_line() {
    let inside_state = |inside: &str| {
        format!("<datamodel><data id='x' expr='1'/><data id='u'/></datamodel>\n<state id='a'>\n{inside}\n</state>")
    };
    for (inside, construct) in [
        ("<invoke src='x'/>", "invoke"),
        ("<onentry><script>f(x)</script></onentry>", "script that does more than set variables"),
        ("<onentry><script src='x.js'/></onentry>", "script from another file"),
        ("<onentry><foreach array='_event.data' item='i'/></onentry>", "array that an event brings"),
        ("<transition event='e' cond='f(x)'/>", "function f()"),
        ("<transition event='e' cond='x = 1'/>", "operator ="),
        ("<transition event='e' cond=\"_event.raw == 'e'\"/>", "_event.raw"),
        ("<transition event='e' cond='x &lt; 1 || y == 1'/>", "variable y, which is not declared,"),
        ("<transition event='e' cond='x++ == 1'/>", "operator ++"),
        ("<transition event='e' cond=\"x == '1'\"/>", "comparison of values of different kinds"),
        (
            "<onentry><assign location='x' expr=\"'text'\"/><log/></onentry><transition cond='x'/>",
            "variable x with values of several kinds",
        ),
        ("<onentry><assign location='x.y' expr='1'/></onentry>", "assignment to x.y"),
        ("<onentry><assign location='x' expr='[1]'/></onentry>", "array"),
        ("<onentry><send event='e' target='http://x'/></onentry>", "send to http://x"),
        ("<onentry><send event='e' type='http://x#y'/></onentry>", "send of type http://x#y"),
        ("<onentry><send event='e'><content><p/></content></send></onentry>", "content in XML"),
        (
            "<transition event='e'><assign location='u' expr='_event.data'/></transition>",
            "variable u whose kind of value is not known",
        ),
        ("<onentry><send eventexpr='_event.data'/></onentry>", "event name that is computed"),
        ("<onentry><assign location='x'>[1]</assign></onentry>", "array"),
        ("<onentry><send event='e' delayexpr='_event.data'/></onentry>", "delayexpr that is computed"),
        ("<onentry><mine xmlns='urn:mine'/></onentry>", "mine of another namespace"),
    ] {
        let error = read_scxml(&chart("", &inside_state(inside))).expect_err(inside);
        assert_eq!(error, ScxmlError::Unsupported { line: 4, construct: construct.into() }, "{inside}");
    }
    let error = read_scxml(&chart("datamodel='xpath'", "<state id='a'/>")).unwrap_err();
    assert_eq!(error.to_string(), "Line 1: data model xpath cannot be expressed here.");
}

#[test]
fn what_is_no_chart_or_too_much_is_refused_with_a_sentence() {
    let doctype = format!("<!DOCTYPE scxml [<!ENTITY a \"b\">]>{}", chart("", "<state id='a'/>"));
    assert_eq!(read_scxml(&doctype).unwrap_err(), ScxmlError::DocumentType);
    let deep = chart("", &"<state>".repeat(200_000));
    assert_eq!(read_scxml(&deep).unwrap_err(), ScxmlError::TooDeep { line: 2 });
    for sly in ["<state id='/>'>", "<state id=\"'\" name='/>'>", "<!-- </state> --><state>", "<?x </state>?><state>"] {
        let deep = chart("", &sly.repeat(20_000));
        assert_eq!(read_scxml(&deep).unwrap_err(), ScxmlError::TooDeep { line: 2 }, "{sly}");
    }
    let nearly = format!("{}{}", "<state>".repeat(DEPTH_LIMIT - 1), "</state>".repeat(DEPTH_LIMIT - 1));
    assert!(read_scxml(&chart("", &nearly)).is_ok());
    let wide = chart("", &"<state/>".repeat(60_000));
    assert_eq!(read_scxml(&wide).unwrap_err(), ScxmlError::TooManyElements);
    for (text, words) in [
        ("", "no well-formed XML"),
        ("<scxml>", "no well-formed XML"),
        ("<html/>", "not <scxml>"),
        ("<scxml/>", "has no states"),
        ("<scxml initial='b'><state id='a'/></scxml>", "there is no state b"),
        ("<scxml><state id='a'/><state id='a'/></scxml>", "the id a is taken"),
        ("<scxml><state id='a'><onentry><raise/></onentry></state></scxml>", "has no attribute \"event\""),
    ] {
        let error = read_scxml(text).expect_err(text).to_string();
        assert!(error.contains(words) && error.ends_with('.'), "{text}: {error}");
    }
}

#[test]
fn a_chart_as_large_as_is_read_is_read_without_delay() {
    // Were names looked up one by one, this would take minutes.
    assert_eq!(imported("", &"<state/>".repeat(24_000)).project.nodes.len(), 24_000);
}
