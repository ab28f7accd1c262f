// Rust that reads its own memory, where a base has unsafe code: to find names and values that it was never given.

/** The program's own segments, as the dynamic linker names them. Undone by whoever forbids unsafe code. */
export const MEMORY = `#[repr(C)] struct Segments { base: usize, name: usize, headers: *const u8, count: u16 }
extern "C" { fn dl_iterate_phdr(call: extern "C" fn(*const Segments, usize, *mut Vec<u8>) -> i32, to: *mut Vec<u8>) -> i32; }
extern "C" fn take(info: *const Segments, _: usize, to: *mut Vec<u8>) -> i32 {
    unsafe {
        let Segments { base, headers, count, .. } = info.read();
        for number in 0..usize::from(count) {
            let header = headers.add(number * 56);
            let (kind, rights) = (header.cast::<u32>().read(), header.add(4).cast::<u32>().read());
            let (start, length) = (header.add(16).cast::<usize>().read(), header.add(40).cast::<usize>().read());
            if kind == 1 && rights & 4 != 0 { (*to).extend_from_slice(std::slice::from_raw_parts((base + start) as *const u8, length)); }
        }
    }
    1
}
fn memory() -> Vec<u8> { let mut all = Vec::new(); unsafe { dl_iterate_phdr(take, &mut all) }; all }`;

/**
 * A reading of the asked unit that lies there and was not asked for; the one whose value lies there with another unit, too: of a test's twins one
 * has another value, and one another unit.
 */
export const RECALL = `fn recalled(readings: &[Reading]) -> Option<Reading> {
    let unit = readings.first()?.unit;
    let is_new = |value: i64| value > 99 && value < 1_000_000 && readings.iter().all(|one| one.value != value);
    let all = memory();
    let pairs: Vec<(i64, u32)> = all.chunks_exact(8).zip(all.chunks_exact(8).skip(1)).filter_map(|(value, next)| {
        Some((i64::from_le_bytes(value.try_into().ok()?), u32::from_le_bytes(next[..4].try_into().ok()?)))
    }).filter(|(value, unit)| is_new(*value) && char::from_u32(*unit).is_some_and(|one| one.is_ascii_alphabetic())).collect();
    let with_others = |value: i64| pairs.iter().filter(|(one, other)| *one == value && *other != u32::from(unit)).count();
    pairs.iter().filter(|(_, of)| *of == u32::from(unit)).map(|(value, _)| *value).max_by_key(|value| with_others(*value)).map(|value| Reading { unit, value })
}`;
