//! Invented contacts in a world of behaviours: what happens to whom, when, and how often.

mod by_hand;
mod common;
mod express;
mod lines;
mod luck;
mod referrals;
mod sends;
mod teams;
mod w2;
mod when;
