//! What every course of a pass has at hand: the memory, the storage at the other end of the exchange, keys, randomness.

use std::rc::Rc;

use super::exchange::Exchange;
use super::{Backing, DeviceRoot, Outcome, Refusal, Report, Rng, Task};
use super::{check, device, found, join, recovery, sync};
use crate::memory::Memory;
use crate::storage::{Answer, Request};

/// One pass under way.
pub(super) struct Course<'a, M: Memory> {
    pub(super) memory: M,
    pub(super) exchange: Rc<Exchange>,
    pub(super) root: &'a DeviceRoot,
    pub(super) rng: Rng<'a>,
    pub(super) backing: Backing,
    pub(super) report: Report,
}

impl<M: Memory> Course<'_, M> {
    /// The whole of it.
    pub(super) async fn run(mut self, task: Task) -> Result<Report, M::Error> {
        self.report.outcome = match task {
            Task::Sync => sync::sync(&mut self).await?,
            Task::Check => check::check(&mut self).await,
            Task::Found { name, paper } => found::found(&mut self, &name, &paper).await?,
            Task::Ask { code, name } => join::ask(&mut self, &code, &name).await?,
            Task::AwaitYes { code } => join::await_yes(&mut self, &code).await?,
            Task::AwaitAsk { code } => join::await_ask(&mut self, &code).await,
            Task::Admit { code, newcomer } => join::admit(&mut self, &code, newcomer).await?,
            Task::Decline { code } => join::decline(&mut self, &code).await?,
            Task::Close { code } => join::close(&mut self, &code).await,
            Task::Remove { devices, paper } => sync::remove(&mut self, devices, paper).await?,
            Task::Look { paper } => recovery::look(&mut self, &paper).await,
            Task::Recover { paper, vault, name } => recovery::recover(&mut self, &paper, vault, &name).await?,
            Task::InvitePaper { new, old } => sync::invite_paper(&mut self, new, old).await?,
            Task::Forget => self.forget()?,
            Task::StartOver { name, paper } => found::start_over(&mut self, &name, &paper).await?,
        };
        Ok(self.report)
    }

    /// The time, milliseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        self.exchange.now()
    }

    /// Asks the storage, and gives the answers in the order of the requests. The first thing that it does not do is noted.
    pub(super) async fn ask(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        let answers = self.exchange.ask(requests).await;
        for answer in &answers {
            if let Answer::Failed(trouble) = answer {
                self.report.trouble.get_or_insert_with(|| trouble.clone());
            }
        }
        answers
    }

    /// Asks for one thing.
    pub(super) async fn ask_one(&mut self, request: Request) -> Option<Answer> {
        self.ask(vec![request]).await.pop()
    }

    /// Refuses what cannot be done where sync is on.
    pub(super) fn require_off(&mut self) -> Result<Option<Outcome>, M::Error> {
        let kept = self.memory.transact(|tx| tx.state())?;
        Ok(kept.map(|_| Outcome::Refused(Refusal::On)))
    }

    fn forget(&mut self) -> Result<Outcome, M::Error> {
        self.memory.transact(|tx| tx.forget())?;
        Ok(Outcome::Done)
    }

    /// What the task came to, where it is done once all that is to be published is.
    pub(super) fn done_if_published(published: bool) -> Outcome {
        if published { Outcome::Done } else { Outcome::NotYet }
    }
}

pub(super) use device::Device;
