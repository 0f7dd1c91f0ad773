//! Who may what: `ADMIN_IDS`, `APPROVER_IDS` and the approval rules.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::table;
use super::values::UserIds;
use crate::domain::approval::Policy;
use crate::domain::operator::Access;

pub(super) fn read(reader: &mut Reader<'_>) -> Read<Policy> {
    let admins = reader.get(&table::ADMIN_IDS);
    let approvers = reader.find(&table::APPROVER_IDS);
    let required = reader.get(&table::APPROVALS_REQUIRED);
    let allow_self = reader.get(&table::ALLOW_SELF_APPROVAL);
    let ttl = reader.get(&table::APPROVAL_TTL);
    let UserIds(admins) = admins?;
    let approvers = approvers?.map_or_else(|| admins.clone(), |ids| ids.0);
    let policy = Policy {
        required: required?.0,
        allow_self: allow_self?.0,
        ttl: ttl?.0,
        access: Access { admins, approvers },
    };
    check_quorum(reader, &policy)?;
    Ok(policy)
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
