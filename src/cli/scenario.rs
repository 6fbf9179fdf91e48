//! Which scenario a subcommand runs, what is changed of it for this time, and the run itself.

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::output::{some, warn_of_errors};
use super::recorded;
use crate::document::Document;
use crate::model::{Dataset, Duration, Population, Project, Scenario, Time};
use crate::simulation::{Cast, Machine};

#[derive(Args)]
pub(super) struct Choice {
    /// Which scenario; without it the first, or the sample contacts where there is none
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Instead of the end of the scenario: the last instant of the run, itself included
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Instead of the seed of the scenario
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Args, Default)]
pub(super) struct Size {
    /// Instead of the number of contacts of the generated population
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    contacts: Option<u32>,
    /// Instead of the end of the scenario: so many days after the first contact can start, or after the first event
    #[arg(long, value_name = "D", conflicts_with = "until")]
    days: Option<u32>,
}

/// Who runs, for how long, on which luck.
pub(super) struct Chosen<'d> {
    document: &'d Document,
    /// The project with the number of contacts that was asked for.
    pub(super) project: Project,
    population: Population,
    until: Option<Time>,
    pub(super) seed: u64,
}

impl Choice {
    /// Whether anything was chosen.
    pub(super) fn is_given(&self) -> bool {
        self.scenario.is_some() || self.until.is_some() || self.seed.is_some()
    }

    /// The end that was typed.
    pub(super) fn until(&self, project: &Project) -> Result<Option<Time>> {
        recorded::until(self.until.as_deref(), project)
    }

    pub(super) fn of<'d>(&self, document: &'d Document, size: &Size) -> Result<Chosen<'d>> {
        let mut project = document.project().clone();
        let scenario = by_name(&project, self.scenario.as_deref())?.cloned();
        let population = scenario.as_ref().map(|scenario| scenario.population).unwrap_or_default();
        let generator = match population {
            Population::Generated(id) => project.generators.get_mut(&id),
            Population::Samples | Population::Dataset(_) => None,
        };
        match (generator, size.contacts) {
            (Some(generator), Some(contacts)) => generator.contacts = contacts,
            (None, Some(_)) => bail!(
                "--contacts is for generated populations; this scenario runs on contacts of which events are recorded. \
                 Choose another one with --scenario."
            ),
            (_, None) => {}
        }
        let mut chosen = Chosen {
            until: self.until(&project)?.or(scenario.as_ref().and_then(|known| known.until)),
            seed: self.seed.or(scenario.map(|scenario| scenario.seed)).unwrap_or(1),
            document,
            project,
            population,
        };
        if let Some(days) = size.days {
            let days = Duration::days(days);
            chosen.until = Some(chosen.first()?.plus(days, &chosen.project.zone()));
        }
        Ok(chosen)
    }
}

impl Chosen<'_> {
    /// When the first contact can start, or the first recorded event.
    fn first(&self) -> Result<Time> {
        let span = match self.population {
            Population::Generated(id) => return Ok(self.project.generators[&id].from),
            Population::Samples => Dataset::of_samples(&self.project).0.span(),
            Population::Dataset(id) => self.document.dataset(id)?.span(),
        };
        span.map(|(first, _)| first).ok_or_else(|| anyhow!("Nothing is recorded, so --days have no beginning."))
    }

    /// The machine of the project, after what is wrong with it was said.
    pub(super) fn machine(&self) -> Machine {
        let (machine, problems) = Machine::compile(&self.project);
        warn_of_errors(&self.project, &problems);
        machine
    }

    /// Whom the run is about, after what is wrong with their world was said.
    pub(super) fn cast(&self, machine: &Machine) -> Result<Cast> {
        let cast = self.cast_or_nobody(machine)?;
        if cast.run(machine, self.until, self.seed).contact_count() == 0 {
            bail!("The project has no sample contacts. Add some in the window, or use replay with a file of events.");
        }
        Ok(cast)
    }

    /// The same, also where there are no sample contacts yet.
    pub(super) fn cast_or_nobody(&self, machine: &Machine) -> Result<Cast> {
        let load = |id| self.document.dataset(id).map_err(|error| error.to_string());
        let (cast, problems) =
            Cast::of(&self.project, machine, self.population, self.until, load).map_err(|problem| anyhow!(problem))?;
        warn_of_errors(&self.project, &problems);
        Ok(cast)
    }

    /// The end, where one was chosen.
    pub(super) fn until(&self) -> Option<Time> {
        self.until
    }
}

/// The scenario by its name, else the first.
fn by_name<'a>(project: &'a Project, name: Option<&str>) -> Result<Option<&'a Scenario>> {
    let scenarios = &project.scenarios;
    let Some(name) = name else { return Ok(scenarios.values().next()) };
    let scenario = scenarios.values().find(|scenario| scenario.name.eq_ignore_ascii_case(name));
    if scenario.is_none() {
        let known: Vec<&str> = scenarios.values().map(|scenario| scenario.name.as_str()).collect();
        let known = if known.is_empty() { String::from("none") } else { some(&known) };
        bail!("There is no scenario \"{name}\". The project has {known}.");
    }
    Ok(scenario)
}
