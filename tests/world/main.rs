//! Invented contacts in a world of behaviours: what happens to whom, when, and how often.

mod common;
mod luck;
mod when;
