//! A page of fixed size that holds records of any length: slots grow from the front, records from the back.

/// Where a record is; the number stays the same as long as the record is there.
pub type Slot = usize;

/// Bytes that a slot takes beside its record.
const SLOT_COST: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    start: usize,
    length: usize,
}

#[derive(Debug, Clone)]
pub struct Page {
    bytes: Vec<u8>,
    /// `None`: the slot is free and can be used again.
    slots: Vec<Option<Entry>>,
    /// The first byte of the record that was put in last.
    low: usize,
}

impl Page {
    pub fn new(size: usize) -> Self {
        Page { bytes: vec![0; size], slots: Vec::new(), low: size }
    }

    /// Bytes between the slots and the records.
    fn gap(&self) -> usize {
        self.low - self.slots.len() * SLOT_COST
    }

    /// Bytes that no slot and no record takes, wherever they are.
    pub fn free(&self) -> usize {
        let used: usize = self.slots.iter().flatten().map(|entry| entry.length).sum();
        self.bytes.len() - used - self.slots.len() * SLOT_COST
    }

    pub fn len(&self) -> usize {
        self.slots.iter().flatten().count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts a record in, moving others together if need be. `None`: there is no room for it.
    pub fn insert(&mut self, record: &[u8]) -> Option<Slot> {
        let free_slot = self.slots.iter().position(Option::is_none);
        let needed = record.len() + if free_slot.is_some() { 0 } else { SLOT_COST };
        if needed > self.free() {
            return None;
        }
        if needed > self.gap() {
            self.compact();
        }
        let entry = self.write(record);
        match free_slot {
            Some(slot) => {
                self.slots[slot] = Some(entry);
                Some(slot)
            }
            None => {
                self.slots.push(Some(entry));
                Some(self.slots.len() - 1)
            }
        }
    }

    fn write(&mut self, record: &[u8]) -> Entry {
        let start = self.low - record.len();
        self.bytes[start..self.low].copy_from_slice(record);
        self.low = start;
        Entry { start, length: record.len() }
    }

    pub fn get(&self, slot: Slot) -> Option<&[u8]> {
        let entry = self.slots.get(slot).copied().flatten()?;
        Some(&self.bytes[entry.start..entry.start + entry.length])
    }

    /// Takes a record out. Free slots at the end are given up.
    pub fn remove(&mut self, slot: Slot) -> bool {
        let removed = self.slots.get_mut(slot).and_then(Option::take).is_some();
        while let Some(None) = self.slots.last() {
            self.slots.pop();
        }
        removed
    }

    /// Changes a record where it is. False: it is not there, or there is no room, and it stays as it was.
    pub fn update(&mut self, slot: Slot, record: &[u8]) -> bool {
        let Some(entry) = self.slots.get(slot).copied().flatten() else {
            return false;
        };
        if record.len() <= entry.length {
            self.bytes[entry.start..entry.start + record.len()].copy_from_slice(record);
            self.slots[slot] = Some(Entry { length: record.len(), ..entry });
            return true;
        }
        if record.len() > self.free() + entry.length {
            return false;
        }
        self.slots[slot] = None;
        if record.len() > self.gap() {
            self.compact();
        }
        self.slots[slot] = Some(self.write(record));
        true
    }

    /// Moves all records to the end, so that what is free lies in one piece.
    fn compact(&mut self) {
        let mut order: Vec<Slot> = (0..self.slots.len()).filter(|slot| self.slots[*slot].is_some()).collect();
        // Those nearest to the end are moved first: no record is written over before it was moved.
        order.sort_by_key(|slot| std::cmp::Reverse(self.slots[*slot].map(|entry| entry.start)));
        self.low = self.bytes.len();
        for slot in order {
            if let Some(entry) = &mut self.slots[slot] {
                let start = self.low - entry.length;
                self.bytes.copy_within(entry.start..entry.start + entry.length, start);
                entry.start = start;
                self.low = start;
            }
        }
    }

    /// Slots and records, in the order of the slots.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &[u8])> {
        (0..self.slots.len()).filter_map(|slot| self.get(slot).map(|record| (slot, record)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(page: &Page) -> Vec<(Slot, &str)> {
        page.iter().map(|(slot, record)| (slot, std::str::from_utf8(record).unwrap())).collect()
    }

    #[test]
    fn holds_records() {
        let mut page = Page::new(64);
        assert_eq!(
            (page.insert(b"one"), page.insert(b""), page.insert(b"three")),
            (Some(0), Some(1), Some(2))
        );
        assert_eq!(texts(&page), [(0, "one"), (1, ""), (2, "three")]);
        assert_eq!((page.len(), page.free(), page.get(3)), (3, 64 - 8 - 12, None));
    }

    #[test]
    fn fills_up_exactly() {
        let mut page = Page::new(16);
        assert_eq!(page.insert(b"12345678901234"), None);
        assert_eq!(page.insert(b"123456789012"), Some(0));
        assert_eq!((page.free(), page.insert(b"")), (0, None));
        assert!(page.remove(0) && page.is_empty());
        assert_eq!(page.free(), 16);
    }

    #[test]
    fn uses_slots_and_bytes_again() {
        let mut page = Page::new(40);
        for record in [&b"aaaaaa"[..], b"bbbbbb", b"cccccc"] {
            page.insert(record).unwrap();
        }
        assert_eq!((page.remove(0), page.remove(0), page.free()), (true, false, 16));
        assert_eq!(page.insert(b"dddddddddddddddd"), Some(0));
        assert_eq!(texts(&page), [(0, "dddddddddddddddd"), (1, "bbbbbb"), (2, "cccccc")]);
        assert!(page.remove(1) && page.remove(2));
        assert_eq!(page.free(), 40 - 16 - 4);
    }

    #[test]
    fn changes_records() {
        let mut page = Page::new(36);
        page.insert(b"pier").unwrap();
        page.insert(b"quay 1").unwrap();
        assert!(page.update(1, b"q2"));
        assert_eq!(texts(&page), [(0, "pier"), (1, "q2")]);
        assert!(page.update(0, b"a longer name"));
        assert_eq!(texts(&page), [(0, "a longer name"), (1, "q2")]);
        assert!(!page.update(1, b"far too long a name"));
        assert!(!page.update(2, b""));
        assert!(page.update(1, b"exactly fits.."));
        assert_eq!(texts(&page), [(0, "a longer name"), (1, "exactly fits..")]);
    }
}
