//! A ledger whose transactions take everything back unless they are committed.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Balances by account.
#[derive(Debug, Default)]
pub struct Ledger {
    balances: BTreeMap<String, i64>,
    commits: u64,
}

impl Ledger {
    pub fn balance(&self, account: &str) -> Option<i64> {
        self.balances.get(account).copied()
    }

    /// How many transactions were committed.
    pub fn commits(&self) -> u64 {
        self.commits
    }

    pub fn begin(&mut self) -> Transaction<'_, Open> {
        Transaction { log: UndoLog { ledger: self, undo: Vec::new() }, state: PhantomData }
    }
}

/// The state of a transaction that takes changes.
#[derive(Debug)]
pub enum Open {}

/// The state of a transaction that may be committed.
#[derive(Debug)]
pub enum Checked {}

/// Why a transaction can't be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerError {
    Overdrawn { account: String, balance: i64 },
    Overflow,
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LedgerError::Overdrawn { account, balance } => write!(f, "{account} would be at {balance}"),
            LedgerError::Overflow => f.write_str("balance out of range"),
        }
    }
}

#[derive(Debug)]
struct UndoLog<'l> {
    ledger: &'l mut Ledger,
    undo: Vec<(String, Option<i64>)>,
}

/// Takes the changes back, the last one first.
impl Drop for UndoLog<'_> {
    fn drop(&mut self) {
        for (account, balance) in self.undo.drain(..).rev() {
            match balance {
                Some(balance) => self.ledger.balances.insert(account, balance),
                None => self.ledger.balances.remove(&account),
            };
        }
    }
}

/// Changes to a ledger that are visible to nobody else until they are committed.
#[derive(Debug)]
pub struct Transaction<'l, State> {
    log: UndoLog<'l>,
    state: PhantomData<State>,
}

impl<State> Transaction<'_, State> {
    pub fn balance(&self, account: &str) -> i64 {
        self.log.ledger.balance(account).unwrap_or(0)
    }

    /// How many changes would be taken back.
    pub fn pending(&self) -> usize {
        self.log.undo.len()
    }
}

impl<'l> Transaction<'l, Open> {
    /// Adds to an account, which is opened if need be.
    pub fn add(&mut self, account: &str, amount: i64) -> Result<&mut Self, LedgerError> {
        let changed = self.balance(account).checked_add(amount).ok_or(LedgerError::Overflow)?;
        let previous = self.log.ledger.balances.insert(account.to_owned(), changed);
        self.log.undo.push((account.to_owned(), previous));
        Ok(self)
    }

    pub fn transfer(&mut self, from: &str, to: &str, amount: i64) -> Result<&mut Self, LedgerError> {
        let taken = amount.checked_neg().ok_or(LedgerError::Overflow)?;
        self.add(from, taken)?.add(to, amount)
    }

    /// Takes back all changes but the first `keep`.
    pub fn rewind(&mut self, keep: usize) {
        let undo = self.log.undo.split_off(keep.min(self.pending()));
        drop(UndoLog { ledger: self.log.ledger, undo });
    }

    /// No account that was changed may be below zero.
    pub fn check(self) -> Result<Transaction<'l, Checked>, LedgerError> {
        for (account, _) in &self.log.undo {
            let balance = self.balance(account);
            if balance < 0 {
                return Err(LedgerError::Overdrawn { account: account.clone(), balance });
            }
        }
        Ok(Transaction { log: self.log, state: PhantomData })
    }
}

impl Transaction<'_, Checked> {
    /// Keeps the changes, and returns the number of the commit.
    pub fn commit(mut self) -> u64 {
        self.log.undo.clear();
        self.log.ledger.commits += 1;
        self.log.ledger.commits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        let mut transaction = ledger.begin();
        transaction.add("pit", 100).expect("an amount");
        transaction.check().expect("a balance").commit();
        ledger
    }

    #[test]
    fn commits_what_was_checked() -> Result<(), LedgerError> {
        let mut ledger = ledger();
        let mut transaction = ledger.begin();
        transaction.transfer("pit", "mill", 30)?.transfer("pit", "kiln", 70)?;
        assert_eq!((transaction.pending(), transaction.balance("pit")), (4, 0));
        assert_eq!(transaction.check()?.commit(), 2);
        assert_eq!((ledger.balance("mill"), ledger.commits()), (Some(30), 2));
        Ok(())
    }

    #[test]
    fn takes_back_what_was_dropped() {
        let mut ledger = ledger();
        let mut transaction = ledger.begin();
        transaction.add("pit", 1).and_then(|t| t.add("pit", 1)).and_then(|t| t.add("mill", 1)).unwrap();
        drop(transaction);
        assert_eq!((ledger.balance("pit"), ledger.balance("mill")), (Some(100), None));
        assert_eq!(ledger.commits(), 1);
    }

    #[test]
    fn refuses_overdrawn_accounts() {
        let mut ledger = ledger();
        let mut transaction = ledger.begin();
        transaction.transfer("pit", "mill", 101).unwrap();
        let error = transaction.check().unwrap_err();
        assert_eq!(error.to_string(), "pit would be at -1");
        assert_eq!((ledger.balance("pit"), ledger.balance("mill")), (Some(100), None));
    }

    #[test]
    fn rewinds_to_a_point() {
        let mut ledger = ledger();
        let mut transaction = ledger.begin();
        transaction.add("mill", 5).unwrap().add("mill", 7).unwrap().add("kiln", 1).unwrap();
        transaction.rewind(1);
        assert_eq!((transaction.balance("mill"), transaction.balance("kiln")), (5, 0));
        transaction.rewind(9);
        assert_eq!(transaction.pending(), 1);
        assert_eq!(transaction.add("pit", i64::MAX).unwrap_err(), LedgerError::Overflow);
    }
}
