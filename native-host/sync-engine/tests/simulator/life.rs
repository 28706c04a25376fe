//! One run: what happens in a world, drawn from its seed.

use sync_engine::ids::RecordId;

use crate::world::checks::Broken;
use crate::world::disk::Change;
use crate::world::machine::Round;
use crate::world::people::{CORE, LAST_USED, NOTE, OF_LATER};
use crate::world::storage::Knobs;
use crate::world::{DAY, HOUR, SECOND, World};

/// More machines than that nobody has.
const MOST_MACHINES: usize = 9;

/// What may happen in a run.
#[derive(Clone, Copy)]
pub struct Plan {
    pub knobs: Knobs,
    pub steps: usize,
    /// In one of so many steps in which the storage changed, a machine with nothing but the recovery key must get all that is called
    /// backed up.
    pub look_each: usize,
}

/// What happened in it.
pub struct Life {
    world: World,
    plan: Plan,
    /// A disk was restored, or a machine copied, since all had synchronized over an honest storage: until all have noticed, one name may be
    /// used twice.
    muddled: bool,
    /// That happened at all.
    ever_muddled: bool,
    looked_at: u64,
}

/// How a run ended.
pub struct Ended {
    pub broken: Option<Broken>,
    pub world: World,
}

/// Lives one run.
pub fn live(seed: u64, plan: Plan) -> Ended {
    let mut life =
        Life { world: World::new(seed, Knobs::HONEST), plan, muddled: false, ever_muddled: false, looked_at: 0 };
    let broken = life.run().err();
    Ended { broken, world: life.world }
}

impl Life {
    fn run(&mut self) -> Result<(), Broken> {
        let first = self.world.found();
        self.world.join(first);
        self.world.storage.knobs = self.plan.knobs;
        for _ in 0..self.plan.steps {
            self.step();
            self.world.check_step(!self.ever_muddled)?;
            self.look()?;
        }
        self.world.tell("the storage turns honest".to_owned());
        self.world.storage.turn_honest();
        self.settle();
        self.world.check_step(!self.ever_muddled)?;
        self.world.check_end()
    }

    fn step(&mut self) {
        let time = self.world.random.below(usize::try_from(10 * 60 * SECOND).unwrap_or(1)) as u64;
        self.world.pass(time);
        let wanted = self.world.wanted();
        let Some(machine) = self.world.random.pick(&wanted) else {
            self.world.recover();
            return;
        };
        match self.world.random.below(1000) {
            0..300 => self.edit(machine),
            300..700 => self.go_on(),
            700..860 => {
                self.world.tell(format!("machine {machine} synchronizes"));
                self.world.sync(machine);
            }
            860..880 => self.world.machines[machine].restart(),
            880..905 => self.join(machine),
            905..915 => self.remove(machine, &wanted),
            915..922 => self.recover(),
            922..927 if wanted.len() > 1 => self.world.lose(machine),
            927..942 => self.world.machines[machine].backup = Some(self.world.machines[machine].memory.copy()),
            942..950 if self.world.machines[machine].backup.is_some() => {
                self.world.restore_disk(machine);
                (self.muddled, self.ever_muddled) = (true, true);
            }
            950..955 if self.world.machines.len() < MOST_MACHINES => self.copy(machine),
            955..965 => self.days(),
            965..970 => self.turn_the_clock(machine),
            970..975 => {
                let replace = self.world.random.per_mille(500);
                self.world.new_paper(machine, replace);
            }
            975..985 => self.calm(),
            985..1000 => self.the_waiting(),
            _ => {}
        }
    }

    /// Any machine goes on with its pass for a round, or begins one; those that were removed too: they do not know it, or do not care.
    fn go_on(&mut self) {
        let on: Vec<_> =
            (0..self.world.machines.len()).filter(|machine| self.world.machines[*machine].is_on()).collect();
        let Some(machine) = self.world.random.pick(&on) else { return };
        if !self.world.machines[machine].is_running() {
            let mut random = self.world.random.fork();
            self.world.machines[machine].begin(sync_engine::engine::Task::Sync, &mut random);
        }
        let now = self.world.now;
        if let Round::Crashed = self.world.machines[machine].round(&mut self.world.storage, now) {
            self.world.count("crashes");
        }
    }

    fn edit(&mut self, machine: usize) {
        let records: Vec<(RecordId, bool)> = self.world.machines[machine].memory.look(|disk| {
            // What has no key any more is not shown.
            let shown = disk.records.iter().filter(|(_, kept)| kept.record.newest(CORE).is_some());
            shown.map(|(id, kept)| (*id, kept.record.is_deleted())).collect()
        });
        let chosen = self.world.random.pick(&records);
        let kind = self.world.random.below(100);
        match (chosen, kind) {
            (None, _) | (_, 0..35) => {
                self.world.create(machine);
            }
            (Some((id, true)), _) if kind < 70 => self.world.undelete(machine, id),
            (Some((_, true)), _) => {}
            (Some((id, _)), 35..60) => {
                self.world.rename(machine, id);
            }
            (Some((id, _)), 60..72) => self.write(machine, id, NOTE),
            (Some((id, _)), 72..82) => self.write(machine, id, LAST_USED),
            (Some((id, _)), 82..88) => self.write(machine, id, OF_LATER),
            (Some((id, _)), _) => self.world.delete(machine, id),
        }
    }

    fn write(&mut self, machine: usize, id: RecordId, field: u64) {
        let value = self.world.word("value");
        self.world.edit(machine, id, Change::Write(vec![(field, value)]));
    }

    fn join(&mut self, machine: usize) {
        if self.world.machines.len() < MOST_MACHINES {
            let new = self.world.join(machine);
            // It may have passkeys already.
            if self.world.random.per_mille(300) {
                self.world.create(new);
            }
        }
    }

    fn remove(&mut self, machine: usize, wanted: &[usize]) {
        let Some(victim) = self.world.random.pick(wanted).filter(|victim| *victim != machine) else { return };
        if wanted.len() > 2 || self.world.random.per_mille(200) {
            self.world.remove(machine, victim);
        }
    }

    fn recover(&mut self) {
        if self.world.machines.len() < MOST_MACHINES {
            self.world.recover();
        }
    }

    fn copy(&mut self, machine: usize) {
        let copy = self.world.copy_machine(machine);
        self.world.tell(format!("machine {copy} is a copy of machine {machine}"));
        self.world.count("machines copied");
        (self.muddled, self.ever_muddled) = (true, true);
    }

    fn days(&mut self) {
        let days = 1 + self.world.random.below(40) as u64;
        self.world.tell(format!("{days} days pass"));
        self.world.pass(days * DAY);
    }

    /// The clock of one machine may be wrong: against two that agree in a wrong year nothing helps.
    fn turn_the_clock(&mut self, machine: usize) {
        if (0..self.world.machines.len()).any(|other| other != machine && self.world.machines[other].skew != 0) {
            return;
        }
        let hours = [0, 0, 1, -1, 24 * 40, 24 * 365, -24 * 365];
        let hours = self.world.random.pick(&hours).unwrap_or(0);
        self.world.tell(format!("the clock of machine {machine} is {hours} h off"));
        self.world.machines[machine].skew = hours * HOUR.cast_signed();
    }

    /// Machines that asked to be let in look again.
    fn the_waiting(&mut self) {
        for machine in 0..self.world.machines.len() {
            if self.world.machines[machine].asking.is_some() && !self.world.machines[machine].is_on() {
                self.world.look_for_the_answer(machine);
            }
        }
    }

    /// For a while the storage is well, and all synchronize.
    fn calm(&mut self) {
        self.world.tell("all is calm for a while".to_owned());
        self.world.storage.knobs = Knobs::HONEST;
        self.world.sync_all(3);
        self.world.storage.knobs = self.plan.knobs;
        self.muddled = false;
    }

    /// At last, all come to rest.
    fn settle(&mut self) {
        for machine in &mut self.world.machines {
            machine.restart();
        }
        self.the_waiting();
        self.world.sync_all(3);
        self.world.pass(DAY);
        self.world.sync_all(5);
        self.muddled = false;
    }

    fn look(&mut self) -> Result<(), Broken> {
        let changes = self.world.storage.changes;
        if self.muddled || changes == self.looked_at || self.world.random.below(self.plan.look_each) > 0 {
            return Ok(());
        }
        self.looked_at = changes;
        self.world.count("looks with the recovery key");
        self.world.check_backed_up()
    }
}
