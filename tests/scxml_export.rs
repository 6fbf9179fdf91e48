//! Journeys as charts for other programs: what SCXML can say is said in it, the rest comes back too, and a chart that
//! others have changed is read as what it says now.

use statecraft::exchange::scxml::{NAMESPACE, read_scxml, write_scxml};
use statecraft::model::sample::SAMPLES;
use statecraft::model::{DatasetId, DatasetInfo, Population, Project, Time, notation};

#[track_caller]
fn comes_back(project: &Project) -> String {
    let text = write_scxml(project);
    let imported = read_scxml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(imported.project, *project);
    assert_eq!(imported.notes, Vec::<String>::new());
    assert_eq!(write_scxml(&imported.project), text);
    text
}

fn journey(text: &str) -> Project {
    notation::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_sample_comes_back_whole() {
    assert_eq!(SAMPLES.len(), 9);
    for sample in SAMPLES {
        let text = comes_back(&sample.project());
        assert!(text.contains("<scxml xmlns=\"http://www.w3.org/2005/07/scxml\""), "{text}");
    }
    comes_back(&Project::default());
    comes_back(&Project::named("Nothing yet"));
}

/// The lines of the chart without our own words.
fn plain(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("<sc:") && !line.starts_with("</sc:")) {
        let mut line = line.to_owned();
        while let Some(start) = line.find(" sc:") {
            let quote = line[start..].find('=').map(|equals| start + equals + 1).unwrap();
            let end = line[quote + 1..].find(&line[quote..=quote]).unwrap();
            line.replace_range(start..quote + end + 2, "");
        }
        lines.push(line);
    }
    lines
}

#[test]
fn what_scxml_can_say_is_said_in_scxml() {
    let project = journey(
        "start Lead
         score interest
         attribute city: text
         attribute fit: choice C < B < A
         touchpoint welcome: e-mail
         event paid: amount
         state Lead
           entry interest = 1
         group Open
           begins Called
         state Called in Open
         state Written in Open
         resume Back in Open
         end Won
         Lead --form sent [interest >= 10 and not in(Won) or city = \"Köln\"] / interest + 5; raise(called)--> Open
         Lead --called [city != \"Bonn\" and interest is not unknown]--> Written
         Lead --called [fit >= B]--> Open
         Lead --after 30 days / send(welcome)--> (stay)
         Open --paid [event.amount > 99.5]--> Won
         Open --!closed--> Won
         Won --called--> Back",
    );
    let text = comes_back(&project);
    let said = plain(&text);
    for line in [
        "<data id=\"interest\" expr=\"0\"/>",
        "<data id=\"city\"/>",
        "<state id=\"Lead\">",
        "<assign location=\"interest\" expr=\"1\"/>",
        "<transition event=\"form_sent\" cond=\"(((interest &gt;= 10) &amp;&amp; !(In(&apos;Won&apos;))) || (city === \
         &apos;Köln&apos;))\" target=\"Open\">",
        "<assign location=\"interest\" expr=\"interest + 5\"/>",
        "<raise event=\"called\"/>",
        "<transition event=\"called\" cond=\"((city !== undefined &amp;&amp; city !== &apos;Bonn&apos;) &amp;&amp; interest \
         !== undefined)\" target=\"Written\"/>",
        "<transition event=\"paid\" cond=\"(_event.data.amount &gt; 99.5)\" target=\"Won\"/>",
        "<state id=\"Open\" initial=\"Called\">",
        "<history id=\"Back\" type=\"shallow\">",
        "<transition target=\"Called\"/>",
        "<final id=\"Won\">",
    ] {
        assert!(said.iter().any(|found| found == line), "{line} is not in\n{}", said.join("\n"));
    }
    // Choices, timers, interrupts and arrows out of an end are ours alone.
    assert_eq!(said.iter().filter(|line| line.starts_with("<transition ")).count(), 4, "{}", said.join("\n"));
    assert_eq!(text.matches("<sc:transition ").count(), 4);
}

#[test]
fn names_and_texts_of_every_kind_come_back() {
    let mut project = journey(
        "start A\nstate A\nstate B\nscore points\nA --go / notify(Sales: hello)--> B
         team Reps: 1 person, 10 a week each\nbehaviour goes: on A, by team Reps -> go (x = 1) 60 % (50..70 %)
         population Visitors: 7 contacts from 2026-01-01\nscenario Base on Visitors until 2026-02-01",
    );
    let weird = "\"quoted\" 'too' <b> & ]]> --> \u{0}\u{1}\t\r\n\u{7f}\u{85}\u{2028}\u{fffe}\u{ffff} 🛒 日本 é\\n ";
    project.info.name = weird.to_owned();
    project.info.note = weird.to_owned();
    for node in project.nodes.values_mut() {
        node.name = format!("{weird}{}", node.id.0);
        node.owner = weird.to_owned();
        node.note = weird.to_owned();
    }
    for event in project.events.values_mut() {
        event.name = weird.to_owned();
    }
    for attribute in project.attributes.values_mut() {
        attribute.name = weird.to_owned();
    }
    for behaviour in project.behaviours.values_mut() {
        (behaviour.name, behaviour.key, behaviour.note) = (weird.to_owned(), weird.to_owned(), weird.to_owned());
        behaviour.outcomes[0].fields[0] = (weird.to_owned(), statecraft::model::Formula::new(weird));
    }
    for generator in project.generators.values_mut() {
        generator.zones.push((weird.to_owned(), statecraft::model::Assumption::guessed(1.0 / 3.0)));
        weird.clone_into(&mut generator.note);
    }
    for arrow in project.transitions.values_mut() {
        arrow.guard = statecraft::model::Formula::new(weird);
        arrow.actions.push(statecraft::model::Action::Cancel(weird.to_owned()));
        arrow.actions.push(statecraft::model::Action::Notify { team: weird.to_owned(), text: weird.to_owned() });
    }
    comes_back(&project);
    for name in ["", " ", ".", "*", "1st", "done.state.A", "in", "_event", "-", "a b", "a_b", "Ω"] {
        let mut project = project.clone();
        project.info.name = name.to_owned();
        project.nodes.values_mut().for_each(|node| node.name = name.to_owned());
        project.events.values_mut().for_each(|event| event.name = name.to_owned());
        project.attributes.values_mut().for_each(|attribute| attribute.name = name.to_owned());
        comes_back(&project);
    }
}

#[test]
fn states_however_deep_come_back() {
    let group = |depth: u32| format!("group G{depth} in G{}\nG{depth} --go--> G0\n", depth - 1);
    let text = String::from("start G0\ngroup G0\n") + &(1..400).map(group).collect::<String>();
    comes_back(&journey(&text));
}

#[test]
fn imported_histories_stay_at_home_and_the_chart_says_so() {
    let mut project = SAMPLES[0].project();
    let kept = project.clone();
    let id = DatasetId(1);
    let dataset = DatasetInfo {
        id,
        name: String::from("spring"),
        source: String::from("spring.csv"),
        contacts: 1,
        occurrences: 1,
        first: Time(1),
        last: Time(1),
        events: Vec::new(),
        fields: Vec::new(),
    };
    project.datasets.insert(id, dataset);
    let on_samples = project.scenarios.values_mut().filter(|scenario| scenario.population == Population::Samples);
    on_samples.for_each(|scenario| scenario.population = Population::Dataset(id));
    let text = write_scxml(&project);
    assert!(text.contains("<!-- The imported histories of the project are not in this file."), "{text}");
    assert!(!write_scxml(&kept).contains("imported histories"));
    assert_eq!(read_scxml(&text).unwrap().project, kept);
}

#[test]
fn a_chart_that_others_have_changed_is_read_as_it_is_now() {
    for sample in SAMPLES {
        let text = write_scxml(&sample.project());
        // Set anew, it is the same chart.
        let spaced = text.replace("/>", "\n/>").replace("\n  <", "\n\t\t<");
        assert_eq!(read_scxml(&spaced).unwrap().project, sample.project(), "{}", sample.key);
        let changed = text.replacen("<sc:project>", "<state id=\"added-by-others\"/>\n<sc:project>", 1);
        let imported = read_scxml(&changed).unwrap_or_else(|error| panic!("{}: {error}\n{changed}", sample.key));
        assert!(imported.states.contains_key("added-by-others"));
        assert!(imported.notes[0].contains("changed by another program"), "{:?}", imported.notes);
        let lost =
            text.lines().filter(|line| !line.trim().starts_with("<sc:transition ")).collect::<Vec<_>>().join("\n");
        assert!(read_scxml(&lost).unwrap().notes[0].contains("changed by another program"));
    }
}

#[test]
fn what_is_damaged_of_our_own_words_is_refused_with_its_line() {
    let text = write_scxml(&journey("start A\nstate A\nA --go--> B"));
    for (right, wrong) in [("{\"id\":1,\"name\":\"A\"", "{\"id\":1,\"name\":A"), ("\"target\":2", "\"target\":77")] {
        assert!(text.contains(right), "{text}");
        let problem = read_scxml(&text.replacen(right, wrong, 1)).unwrap_err().to_string();
        assert!(problem.starts_with("Line ") && problem.contains("damaged"), "{problem}");
    }
    let twice = text.replacen("\"id\":2,\"name\":\"B\"", "\"id\":1,\"name\":\"B\"", 1);
    assert!(read_scxml(&twice).unwrap_err().to_string().contains("twice"));
    let newer = text.replace("sc:event>", "sc:campaign>");
    assert!(read_scxml(&newer).unwrap_err().to_string().contains("newer"));
    assert_eq!(NAMESPACE, "urn:statecraft:scxml:1", "files of others hold it");
}
