//! Edits of expectations.

use super::{EditError, Plan, valid_name};
use crate::model::contact::Contact;
use crate::model::expectation::{Claim, Expectation};
use crate::model::id::{ContactId, ExpectationId};

impl Plan {
    /// Keeps what must come out for a sample contact; for one that is none yet, `contact` becomes one.
    pub(super) fn add_expectation(
        &mut self,
        contact: Option<Contact>,
        mut expectation: Expectation,
    ) -> Result<(), EditError> {
        if let Some(contact) = contact {
            let id: ContactId = next_id!(self.project.contacts);
            let name = free_name!(self.contacts, "contact", &contact.name, None);
            self.put(Contact { id, name, ..contact });
            expectation.contact = id;
        }
        self.valid_expectation(&expectation)?;
        let id: ExpectationId = next_id!(self.project.expectations);
        self.put(Expectation { id, ..expectation });
        Ok(())
    }

    pub(super) fn set_expectation(&mut self, expectation: Expectation) -> Result<(), EditError> {
        get!(self.expectations, &expectation.id, "expectation");
        self.valid_expectation(&expectation)?;
        self.put(expectation);
        Ok(())
    }

    fn valid_expectation(&self, expectation: &Expectation) -> Result<(), EditError> {
        get!(self.contacts, &expectation.contact, "contact");
        if expectation.claims.is_empty() {
            return Err(EditError::Refused(String::from("An expectation needs something that must come out.")));
        }
        for claim in &expectation.claims {
            match claim {
                Claim::In(node) => {
                    get!(self.nodes, node, "state");
                }
                Claim::Sent { touchpoint, .. } => {
                    get!(self.touchpoints, touchpoint, "touchpoint");
                }
                Claim::Converted { point, .. } => {
                    valid_name("conversion point", point)?;
                }
            }
        }
        Ok(())
    }
}
