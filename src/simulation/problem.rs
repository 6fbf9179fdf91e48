//! Defects of a chart that are the user's to see. A chart with problems still compiles and runs.

use crate::model::EntityId;

/// How bad it is: an error is meant otherwise than it will run, a warning may be meant, a hint most often is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Hint,
    Warning,
    Error,
}

impl Severity {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal),* $(,)?) => {
        /// What is wrong, by a name that does not change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// As files and the command line write it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            pub const ALL: &'static [Self] = &[$(Self::$kind),*];
        }
    };
}

kinds! {
    /// Something that the compiler cannot make sense of.
    CannotRun = "cannot-run",
    /// A number or a rule of the world that makes no sense.
    World = "world",
    Unreachable = "unreachable",
    /// Reached only by arrows that never fire.
    UnreachableUnderConditions = "unreachable-under-conditions",
    Trap = "trap",
    /// No condition holds for somebody.
    Gap = "gap",
    /// Two conditions can hold at once.
    Overlap = "overlap",
    /// A condition holds for nobody.
    Never = "never",
    /// A condition holds for everybody.
    Always = "always",
    /// Arrows before it leave nothing to it.
    Shadowed = "shadowed",
    AlwaysCycle = "always-cycle",
    AlwaysByTime = "always-by-time",
    TimerNeverDue = "timer-never-due",
    UnclearName = "unclear-name",
    /// Messages go on without anything that the customer does.
    SendingLoop = "sending-loop",
    NoOwner = "no-owner",
    NoStage = "no-stage",
    EndsAtPurchase = "ends-at-purchase",
    /// Nobody in the project ever brings the event about.
    EventNobodyBrings = "event-nobody-brings",
    /// Somebody brings the event about, and nothing listens.
    EventNobodyHears = "event-nobody-hears",
}

/// Something the user should look at, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub kind: Kind,
    pub at: EntityId,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}
