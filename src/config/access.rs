//! Who may what: `ADMIN_IDS`, `APPROVER_IDS` and the approval rules.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::table;
use super::values::{Totp, UserIds};
use crate::domain::approval::Policy;
use crate::domain::operator::Access;
use crate::domain::second_factor::{SHORT, Secrets};
use std::collections::BTreeSet;

pub(super) fn read(reader: &mut Reader<'_>) -> Read<Policy> {
    let admins = reader.get(&table::ADMIN_IDS);
    let approvers = reader.find(&table::APPROVER_IDS);
    let required = reader.get(&table::APPROVALS_REQUIRED);
    let allow_self = reader.get(&table::ALLOW_SELF_APPROVAL);
    let ttl = reader.get(&table::APPROVAL_TTL);
    let codes = codes(reader);
    let break_glass = reader.find(&table::BREAK_GLASS_AFTER);
    let UserIds(admins) = admins?;
    let approvers = approvers?.map_or_else(|| admins.clone(), |ids| ids.0);
    let policy = Policy {
        required: required?.0,
        allow_self: allow_self?.0,
        ttl: ttl?.0,
        access: Access { admins, approvers },
        codes: codes?,
        break_glass: break_glass?.map(|wait| wait.0),
    };
    check_quorum(reader, &policy)?;
    check_codes(reader, &policy);
    check_glass(reader, &policy);
    Ok(policy)
}

fn codes(reader: &mut Reader<'_>) -> Read<Secrets> {
    match reader.find(&table::TOTP_SECRETS)? {
        None => Ok(Secrets::default()),
        Some(Totp(Ok(secrets))) => Ok(secrets),
        Some(Totp(Err(reason))) => {
            let row = table::TOTP_SECRETS.row;
            let advice = "Make a secret with `rei-recovery totp new <userid>`.";
            reader.fail(Problem::of(row, reason).advise(advice))
        }
    }
}

/// What weakens the second factor, or makes it look stronger than it is.
fn check_codes(reader: &mut Reader<'_>, policy: &Policy) {
    let row = table::TOTP_SECRETS.row;
    for person in policy.codes.short() {
        reader.warn(
            row,
            format!(
                "the secret of {person} has fewer than {SHORT} bytes; make another one with \
                 `rei-recovery totp new {person}`"
            ),
        );
    }
    let Access { admins, approvers } = &policy.access;
    // Going on alone decides as much as an approval does.
    let decide: BTreeSet<i64> = match policy.break_glass {
        Some(_) => approvers.union(admins).copied().collect(),
        None => approvers.clone(),
    };
    let glass = |person: &i64| policy.break_glass.is_some() && admins.contains(person);
    for person in policy.codes.people() {
        if !approvers.contains(&person) && !glass(&person) {
            reader.warn(
                row,
                format!("{person} is no approver, so no code is ever asked for"),
            );
        }
    }
    let listed: BTreeSet<i64> = policy.codes.people().collect();
    let without: Vec<String> = decide.difference(&listed).map(i64::to_string).collect();
    if !listed.is_empty() && !without.is_empty() {
        let without = without.join(", ");
        let text = format!("{without} may approve or go on alone without a code");
        reader.warn(row, text);
    }
}

fn check_glass(reader: &mut Reader<'_>, policy: &Policy) {
    if policy.break_glass.is_some_and(|wait| wait >= policy.ttl) {
        let text = "it is not shorter than APPROVAL_TTL: a request expires before anybody may go on \
                    alone, so nobody ever may";
        reader.warn(table::BREAK_GLASS_AFTER.row, text);
    }
}

/// An approval that nobody could ever give would be noticed at three in the morning.
fn check_quorum(reader: &mut Reader<'_>, policy: &Policy) -> Read<()> {
    let approvers = policy.access.approvers.len();
    let row = table::APPROVALS_REQUIRED.row;
    if people(policy.required) > approvers {
        let problem = format!("{} must approve, and only {approvers} may", policy.required);
        return reader.fail(
            Problem::of(row, problem)
                .given(row, &policy.required.to_string())
                .advise("Name more people in APPROVER_IDS, or require fewer approvals."),
        );
    }
    let stuck = stuck_requesters(policy);
    if !stuck.is_empty() {
        let ids: Vec<String> = stuck.iter().map(i64::to_string).collect();
        reader.warn(
            row,
            format!(
                "what {} requests can be approved at the console alone: too few others may approve. \
                 Name more people in APPROVER_IDS, or set ALLOW_SELF_APPROVAL=true",
                ids.join(", ")
            ),
        );
    }
    Ok(())
}

/// Admins whose own requests the others cannot approve in the chat.
fn stuck_requesters(policy: &Policy) -> Vec<i64> {
    let Access { admins, approvers } = &policy.access;
    let others = |admin: &i64| approvers.iter().filter(|id| *id != admin).count();
    admins
        .iter()
        .filter(|admin| !policy.allow_self && others(admin) < people(policy.required))
        .copied()
        .collect()
}

fn people(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
