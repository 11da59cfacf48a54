//! The workloads of arena-bench on bumpalo: `bumpalo-peer WORKLOAD SCALE` prints seconds, a checksum,
//! the most bytes that were resident, and the bytes that the arena held at the end.

use bumpalo::{collections::Vec, Bump};
use std::time::Instant;

#[derive(Clone, Copy)]
struct Triple(#[allow(dead_code)] u64, #[allow(dead_code)] u64, #[allow(dead_code)] u64);

#[inline(never)]
fn allocate8(bump: &Bump, count: usize) -> u64 {
    for number in 0..count {
        bump.alloc(number as u64);
    }
    count as u64
}

#[inline(never)]
fn allocate24(bump: &Bump, count: usize) -> u64 {
    for number in 0..count as u64 {
        bump.alloc(Triple(number, number, number));
    }
    count as u64
}

#[derive(Clone, Copy)]
struct Line(#[allow(dead_code)] [u64; 8]);

#[inline(never)]
fn allocate64(bump: &Bump, count: usize) -> u64 {
    for number in 0..count as u64 {
        bump.alloc(Line([number; 8]));
    }
    count as u64
}

#[inline(never)]
fn allocate_mixed(bump: &Bump, count: usize) -> u64 {
    let mut total = 0;
    for number in 0..count as u64 {
        let bytes = 1 + (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57) as usize;
        total += bump.alloc_slice_fill_copy(bytes, number as u8).len() as u64;
    }
    total
}

#[inline(never)]
fn allocate_megabytes(bump: &Bump, count: usize) -> u64 {
    for number in 0..count {
        bump.alloc_slice_fill_copy(1 << 20, number as u8);
    }
    count as u64
}

#[inline(never)]
fn copy_strings(bump: &Bump, count: usize) -> u64 {
    let text: std::vec::Vec<u8> = (0..4096usize).map(|i| (i * 7 + (i >> 3)) as u8).collect();
    let mut byte_count = 0;
    for number in 0..count {
        let start = (number * 61) & 2047;
        byte_count += bump.alloc_slice_copy(&text[start..start + 5 + (number & 15)]).len();
    }
    byte_count as u64
}

#[inline(never)]
fn push(bump: &Bump, count: usize) -> u64 {
    let mut vector = Vec::new_in(bump);
    for number in 0..count {
        vector.push(number as u64);
    }
    let slice = vector.into_bump_slice();
    slice[count / 2] + slice[count - 1]
}

fn fresh(body: impl Fn(&Bump) -> u64) -> (f64, u64, usize) {
    let start = Instant::now();
    let bump = Bump::new();
    let checksum = body(&bump);
    let reserved = bump.allocated_bytes();
    drop(bump);
    (start.elapsed().as_secs_f64(), checksum, reserved)
}

fn warm(body: impl Fn(&Bump) -> u64) -> (f64, u64, usize) {
    let mut bump = Bump::new();
    let first = body(&bump);
    bump.reset();
    let start = Instant::now();
    let second = body(&bump);
    let seconds = start.elapsed().as_secs_f64();
    (seconds, first.wrapping_add(second), bump.allocated_bytes())
}

fn peak_resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
    kibibytes.unwrap_or(0) * 1024
}

fn main() {
    let arguments: std::vec::Vec<String> = std::env::args().collect();
    let count: usize = arguments[2].parse().expect("a number");
    let (seconds, checksum, reserved) = match arguments[1].as_str() {
        "none" => (0.0, 0, 0),
        "allocate-8" => fresh(|bump| allocate8(bump, count)),
        "allocate-24" => fresh(|bump| allocate24(bump, count)),
        "allocate-8-warm" => warm(|bump| allocate8(bump, count)),
        "allocate-24-warm" => warm(|bump| allocate24(bump, count)),
        "allocate-64" => fresh(|bump| allocate64(bump, count)),
        "allocate-1-128" => fresh(|bump| allocate_mixed(bump, count)),
        "allocate-1-mb-warm" => warm(|bump| allocate_megabytes(bump, count / 100_000)),
        "strings" => fresh(|bump| copy_strings(bump, count)),
        "push" => fresh(|bump| push(bump, count)),
        "push-warm" => warm(|bump| push(bump, count)),
        "small-arenas" => {
            let start = Instant::now();
            for _ in 0..count / 400 {
                let bump = Bump::new();
                allocate24(&bump, 400);
            }
            (start.elapsed().as_secs_f64(), (count / 400) as u64, 0)
        }
        other => panic!("no workload '{other}'"),
    };
    println!("{seconds} {checksum} {} {reserved}", peak_resident_bytes());
}
