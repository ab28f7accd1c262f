//! Further tests of every module.

mod id {
    use crate::Id;
    use std::collections::BTreeMap;

    #[test]
    fn ids_as_keys() {
        let names: BTreeMap<Id<[u8]>, &str> = [(Id::new(9), "z"), (Id::new(10), "a")].into();
        assert_eq!(names.values().copied().collect::<String>(), "za");
        assert_eq!(names.get(&(Id::new(8) + 1)), Some(&"z"));
        assert!(Id::<str>::new(1) < Id::new(2));
        assert_eq!((Id::<str>::new(u64::MAX - 1) + 5).get(), u64::MAX);
    }

    #[test]
    fn text_and_numbers() {
        assert_eq!("#18446744073709551615".parse().map(Id::<str>::get), Ok(u64::MAX));
        for text in ["", "#", "##1", "1.0", "18446744073709551616"] {
            assert!(text.parse::<Id<str>>().is_err(), "{text}");
        }
        assert_eq!(Id::<str>::try_from(i64::MIN), Err(i64::MIN));
        assert_eq!(Id::<str>::try_from(12).map(|id| (id + 5).to_string()), Ok("#17".into()));
    }
}

mod table {
    use crate::table::{Record, Table, TableError};

    #[derive(Debug, Clone, PartialEq)]
    struct Load {
        truck: &'static str,
        tons: i32,
    }

    impl Record for Load {
        type Key = &'static str;
        const KIND: &'static str = "load";

        fn key(&self) -> &'static str {
            self.truck
        }

        fn validate(&self) -> Result<(), String> {
            if self.tons < 0 {
                Err(format!("{} tons", self.tons))
            } else {
                Ok(())
            }
        }
    }

    #[derive(Clone)]
    struct Bare(u8);

    impl Record for Bare {
        type Key = u8;
        const KIND: &'static str = "bare";

        fn key(&self) -> u8 {
            self.0
        }
    }

    #[test]
    fn messages() {
        let mut table = Table::default();
        assert_eq!(table.insert(Load { truck: "b", tons: -1 }).unwrap_err().to_string(), "-1 tons");
        let missing = table.update(&"x", |_| ()).unwrap_err();
        assert_eq!(missing.to_string(), "no load \"x\"");
        table.insert(Load { truck: "a", tons: 0 }).unwrap();
        let changed = table.update(&"a", |load| load.truck = "c").unwrap_err();
        assert_eq!(changed.to_string(), "key changed from \"a\" to \"c\"");
        let twice = table.insert(Load { truck: "a", tons: 9 }).unwrap_err();
        assert_eq!(twice, TableError::Duplicate { kind: "load", key: "a" });
        assert_eq!((table.revision(), table.iter().map(|load| load.tons).sum::<i32>()), (1, 0));
    }

    #[test]
    fn failed_updates_leave_the_row() {
        let mut table = Table::default();
        table.insert(Load { truck: "a", tons: 4 }).unwrap();
        let invalid = table.update(&"a", |load| load.tons -= 5).unwrap_err();
        assert_eq!(invalid, TableError::Invalid("-1 tons".into()));
        assert_eq!(table.get(&"a"), Some(&Load { truck: "a", tons: 4 }));
        assert_eq!(table.update(&"a", |load| load.tons -= 4).map(|load| load.tons), Ok(0));
        assert_eq!(table.revision(), 2);
    }

    #[test]
    fn rows_are_valid_by_default() {
        let mut table = Table::default();
        assert!(table.is_empty());
        for n in [5, 2, 9, 4] {
            table.insert(Bare(n)).unwrap();
        }
        assert_eq!(table.range(2..5).map(|row| row.0).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(table.range(..=5).next_back().map(Record::key), Some(5));
        assert!(table.remove(&7).is_none());
        assert_eq!((table.len(), table.revision()), (4, 4));
        assert_eq!((table.remove(&2).map(|row| row.0), table.revision()), (Some(2), 5));
    }
}

mod lru {
    use crate::lru::LruCache;
    use std::cell::RefCell;
    use std::num::NonZeroUsize;
    use std::rc::Rc;

    fn cache(capacity: usize) -> LruCache<&'static str, u32> {
        LruCache::new(NonZeroUsize::new(capacity).expect("a capacity"))
    }

    #[test]
    fn order_of_evictions() {
        let log = Rc::new(RefCell::new(String::new()));
        let sink = Rc::clone(&log);
        let mut cache = cache(3).on_evict(move |key, value| *sink.borrow_mut() += &format!("{key}{value}"));
        for (value, key) in (0..).zip(["a", "b", "c"]) {
            cache.put(key, value);
        }
        cache.get(&"a");
        cache.put("b", 9);
        assert_eq!(cache.keys().rev().copied().collect::<String>(), "bac");
        cache.put("d", 3);
        cache.put("e", 4);
        assert_eq!((log.borrow().as_str(), cache.len()), ("c2a0", 3));
        cache.remove(&"b");
        cache.put("f", 5);
        assert_eq!((log.borrow().as_str(), cache.peek(&"d")), ("c2a0", Some(&3)));
    }

    #[test]
    fn capacity_of_one() {
        let mut cache = cache(1);
        assert!(cache.is_empty());
        assert_eq!((cache.put("x", 1), cache.put("x", 2)), (None, Some(1)));
        *cache.get_or_put_with("yy", |key| key.len() as u32) *= 4;
        assert_eq!(cache.get(&"x"), None);
        assert_eq!((cache.peek(&"yy"), cache.len()), (Some(&8), 1));
    }

    #[test]
    fn values_are_made_only_once() {
        let mut cache = cache(2);
        let mut made = 0;
        for key in ["x", "y", "x", "z", "x"] {
            cache.get_or_put_with(key, |_| {
                made += 1;
                made
            });
        }
        assert_eq!(made, 3);
        assert_eq!(cache.keys().copied().collect::<String>(), "zx");
    }
}

mod ranges {
    use crate::ranges::RangeSet;
    use std::ops::Range;

    fn show(set: &RangeSet) -> String {
        set.into_iter().map(|Range { start, end }| format!("{start}-{end} ")).collect()
    }

    #[test]
    fn insertions() {
        let mut set = RangeSet::from_iter([10..20, 30..40, 50..60]);
        set.insert(20..21);
        set.insert(29..30);
        assert_eq!(show(&set), "10-21 29-40 50-60 ");
        set.insert(15..16);
        set.insert(0..1);
        set.insert(39..50);
        assert_eq!(show(&set), "0-1 10-21 29-60 ");
        set.insert(70..70);
        set.insert(0..100);
        assert_eq!((show(&set).as_str(), set.count()), ("0-100 ", 100));
    }

    #[test]
    fn removals() {
        let mut set = RangeSet::from_iter([10..20, 30..40]);
        set.remove(20..30);
        set.remove(15..15);
        assert_eq!(show(&set), "10-20 30-40 ");
        set.remove(19..31);
        assert_eq!(show(&set), "10-19 31-40 ");
        set.remove(10..12);
        set.remove(39..99);
        assert_eq!((show(&set).as_str(), set.count()), ("12-19 31-39 ", 15));
        set.remove(0..50);
        assert_eq!(set, RangeSet::default());
    }

    #[test]
    fn membership() {
        let set = RangeSet::from_iter([5..6, 8..10]);
        let members: Vec<u32> = (0..12).filter(|n| set.contains(*n)).collect();
        assert_eq!(members, [5, 8, 9]);
        assert!(!RangeSet::default().contains(0));
        assert!(RangeSet::from_iter([0..u32::MAX, 3..4]).contains(u32::MAX - 1));
    }

    #[test]
    fn gaps_and_unions() {
        let set = RangeSet::from_iter([0..2, 5..7]);
        assert_eq!(show(&set.gaps(1..6)), "2-5 ");
        assert_eq!(show(&set.gaps(0..9)), "2-5 7-9 ");
        assert_eq!(show(&set.gaps(5..7)), "");
        assert_eq!(show(&(&set | &set.gaps(0..9))), "0-9 ");
    }
}

mod journal {
    use crate::journal::{Ledger, LedgerError};

    #[test]
    fn several_commits() -> Result<(), LedgerError> {
        let mut ledger = Ledger::default();
        for amount in [7, 8] {
            let mut transaction = ledger.begin();
            transaction.add("a", amount)?;
            transaction.check()?.commit();
        }
        assert_eq!((ledger.balance("a"), ledger.balance("b"), ledger.commits()), (Some(15), None, 2));
        assert_eq!(ledger.begin().check()?.commit(), 3);
        Ok(())
    }

    #[test]
    fn checked_but_not_committed() -> Result<(), LedgerError> {
        let mut ledger = Ledger::default();
        let mut transaction = ledger.begin();
        transaction.add("a", 1)?.add("a", 2)?;
        let checked = transaction.check()?;
        assert_eq!((checked.pending(), checked.balance("a")), (2, 3));
        drop(checked);
        assert_eq!((ledger.balance("a"), ledger.commits()), (None, 0));
        Ok(())
    }

    #[test]
    fn zero_is_not_overdrawn() -> Result<(), LedgerError> {
        let mut ledger = Ledger::default();
        let mut transaction = ledger.begin();
        transaction.add("b", 5)?.transfer("a", "b", 2)?.add("a", 2)?;
        assert_eq!(transaction.check()?.commit(), 1);
        let mut transaction = ledger.begin();
        transaction.add("a", -3)?;
        let error = transaction.check().unwrap_err();
        assert_eq!(error, LedgerError::Overdrawn { account: "a".into(), balance: -3 });
        assert_eq!((ledger.balance("a"), ledger.balance("b")), (Some(0), Some(7)));
        Ok(())
    }

    #[test]
    fn overflow_and_rewind() -> Result<(), LedgerError> {
        let mut ledger = Ledger::default();
        let mut transaction = ledger.begin();
        transaction.add("a", i64::MAX)?;
        assert_eq!(transaction.add("a", 1).unwrap_err().to_string(), "balance out of range");
        assert_eq!(transaction.transfer("a", "b", i64::MIN).unwrap_err(), LedgerError::Overflow);
        transaction.add("a", -1)?.add("b", 1)?;
        transaction.rewind(2);
        assert_eq!((transaction.balance("a"), transaction.balance("b")), (i64::MAX - 1, 0));
        transaction.rewind(0);
        assert_eq!((transaction.pending(), transaction.balance("a")), (0, 0));
        Ok(())
    }
}

mod pool {
    use crate::pool::{LostJob, Pool};
    use std::num::NonZeroUsize;
    use std::panic::resume_unwind;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::Arc;

    #[test]
    fn one_worker_survives_a_panic() {
        let pool = Pool::new(NonZeroUsize::MIN);
        let length = |text: String| if text.is_empty() { resume_unwind(Box::new(())) } else { text.len() };
        assert_eq!(pool.map(["a", "", "b", ""].map(String::from), length), Err(LostJob { at: 1 }));
        assert_eq!(pool.map(["xy", "z", "", ""].map(String::from), length), Err(LostJob { at: 2 }));
        assert_eq!(pool.map(["xy", "z", "-", "--"].map(String::from), length), Ok(vec![2, 1, 1, 2]));
    }

    #[test]
    fn jobs_before_the_drop_are_done() {
        let done = Arc::new(AtomicUsize::new(0));
        let pool = Pool::new(NonZeroUsize::new(3).unwrap());
        for _ in 0..50 {
            let done = Arc::clone(&done);
            pool.run(move || {
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        drop(pool);
        assert_eq!((done.load(Ordering::SeqCst), Arc::strong_count(&done)), (50, 1));
    }

    #[test]
    fn owned_items_come_back_in_order() {
        let words = ["slate", "ore", "", "chalk"].map(String::from);
        let pool = Pool::new(NonZeroUsize::new(4).unwrap());
        let expected = vec![(5, "slate".to_owned()), (3, "ore".into()), (0, "".into()), (5, "chalk".into())];
        assert_eq!(pool.map(words, |word| (word.len(), word)), Ok(expected));
    }
}

mod exec {
    use crate::exec::*;
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    #[test]
    fn yielding_takes_turns() {
        let log = Rc::new(RefCell::new(String::new()));
        let task = |name: char| -> BoxFuture<'static, char> {
            let log = Rc::clone(&log);
            Box::pin(async move {
                for _ in 0..3 {
                    log.borrow_mut().push(name);
                    yield_now().await;
                }
                name
            })
        };
        assert_eq!(block_on(join_all(vec![task('a'), task('b')])), Ok(vec!['a', 'b']));
        assert_eq!(*log.borrow(), "ababab");
        assert_eq!(block_on(join_all::<u8>(Vec::new())), Ok(vec![]));
    }

    #[test]
    fn promises() {
        let (resolver, value) = promise();
        resolver.resolve(5);
        assert_eq!(block_on(value), Ok(5));
        let (resolver, value) = promise::<u8>();
        drop(resolver);
        let stuck: BoxFuture<'_, u8> = Box::pin(value);
        assert_eq!(block_on(join_all(vec![Box::pin(async { 1 }), stuck])), Err(Stalled));
    }

    #[test]
    fn chains_of_promises() {
        let ((to_a, a), (to_b, b)) = (promise::<u32>(), promise::<u32>());
        let futures: Vec<BoxFuture<'_, u32>> = vec![
            Box::pin(async { b.await + 1 }),
            Box::pin(async {
                to_b.resolve(a.await * 10);
                0
            }),
            Box::pin(async {
                yield_now().await;
                to_a.resolve(4);
                2
            }),
        ];
        assert_eq!(block_on(join_all(futures)), Ok(vec![41, 0, 2]));
    }

    #[test]
    fn retries_are_counted() {
        let calls = Rc::new(Cell::new(0));
        let counter = Rc::clone(&calls);
        let busy = move |_: &str| -> Result<String, CallError> {
            counter.set(counter.get() + 1);
            Err(CallError::Busy)
        };
        let retry = Retry { service: busy, retries: 3 };
        assert_eq!(block_on(retry.call("")), Ok(Err(CallError::Busy)));
        assert_eq!(calls.replace(0), 4);
        let never = Retry { service: retry, retries: 0 };
        assert_eq!(block_on(never.call("")).unwrap().unwrap_err().to_string(), "busy");
        assert_eq!(calls.get(), 4);
    }

    #[test]
    fn requests_are_trimmed_and_services_replaced() {
        let router = Router::default()
            .route("echo", |_: &str| Err(CallError::Refused("old".into())))
            .route("echo", |request: &str| Ok(format!("<{request}>")));
        assert_eq!(block_on(router.dispatch("echo:  a: b ")), Ok(Ok("<a: b>".into())));
        assert_eq!(block_on(router.dispatch("echo")), Ok(Ok("<>".into())));
        let missing = block_on(router.dispatch("ECHO:x")).unwrap().unwrap_err();
        assert_eq!(missing.to_string(), "no service `ECHO`");
    }
}
