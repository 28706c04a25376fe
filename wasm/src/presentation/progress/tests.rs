use super::*;
use crate::client::prompt::Approval;

fn approve() -> Decision {
    Decision::Approve(Approval::default())
}

#[test]
fn the_first_decision_is_the_one() {
    for decision in [approve(), Decision::UsePin, Decision::UseAnother, Decision::Cancel] {
        assert_eq!(Progress::Open.after(&decision, false), Some(Progress::Decided));
        assert_eq!(Progress::Decided.after(&decision, false), None);
        assert_eq!(Progress::Decided.after(&decision, true), None);
    }
}

#[test]
fn while_the_os_asks_the_ceremony_can_be_ended_and_nothing_else() {
    assert_eq!(Progress::Open.after(&approve(), true), Some(Progress::Waiting));
    for decision in [Decision::UseAnother, Decision::Cancel] {
        assert_eq!(Progress::Waiting.after(&decision, true), Some(Progress::Decided));
    }
    for decision in [approve(), Decision::UsePin] {
        assert_eq!(Progress::Waiting.after(&decision, true), None);
    }
}
