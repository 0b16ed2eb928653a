//! Memory that runs, and the call into it. This is the only module with unsafe code.

use std::sync::atomic::{AtomicUsize, Ordering};

use memmap2::{Mmap, MmapMut};
use secant_vmath::{BLOCK, Block};

use crate::allocate::Written;
use crate::write::Rows;
use crate::{MOST_TABLES, Outside};

/// So many pages may be there at once: a system gives a process some ten thousand pieces of memory, and others want of them too.
const MOST: usize = 4096;
/// How many there are.
static PAGES: AtomicUsize = AtomicUsize::new(0);

/// The bits of the numbers behind negation and size.
static MASKS: [u64; 2] = [1 << 63, !(1 << 63)];

/// Columns, numbers, masks; what is picked from, the first of each row; the addresses of the tables.
type Entry = unsafe extern "sysv64" fn(
    *mut Block,
    *const f64,
    *const u64,
    *const f64,
    *const [usize; BLOCK],
    *mut *mut f64,
);

/// The numbers of a point, and masks.
type PointEntry = unsafe extern "sysv64" fn(*mut f64, *const f64, *const u64);

/// A page of instructions, which nothing writes any more.
#[derive(Debug)]
struct Page(Mmap);

impl Page {
    /// `None` where the system gives no memory that may run, and where there are very many pages already.
    fn new(bytes: &[u8]) -> Option<Self> {
        if PAGES.load(Ordering::Relaxed) >= MOST {
            return None;
        }
        let mut memory = MmapMut::map_anon(bytes.len()).ok()?;
        memory.get_mut(..bytes.len())?.copy_from_slice(bytes);
        let page = memory.make_exec().ok().map(Self)?;
        PAGES.fetch_add(1, Ordering::Relaxed);
        Some(page)
    }
}

/// A function over the rows of a block. What is called how is told by the kind of page, and each is made of code that was written so.
#[derive(Debug)]
pub(crate) struct BlockPage(Page);

impl BlockPage {
    /// Of code that [`write`](crate::allocate::write) has made; `None` where it goes over one row, and where there is no page.
    pub(crate) fn new(written: &Written) -> Option<Self> {
        (written.rows == Rows::Block).then(|| Page::new(&written.bytes).map(Self))?
    }

    /// Runs the instructions. The caller has seen to it that there is all that they reach for.
    #[allow(unsafe_code)]
    pub(crate) fn call(&self, columns: &mut [Block], numbers: &[f64], outside: Outside) {
        let mut tables = [std::ptr::null_mut(); MOST_TABLES];
        for (address, table) in tables.iter_mut().zip(outside.tables) {
            *address = table.as_mut_ptr();
        }
        // SAFETY: the page begins with the first instruction of a function of this type: `new` takes code over the rows of a block alone.
        let entry: Entry = unsafe { std::mem::transmute(self.0.0.as_ptr()) };
        // SAFETY: the instructions are AVX2 and FMA, which `allocate::write` has found on this machine. They read and write within
        // the columns, write within the tables and read within the numbers and those picked from, as `Reach::check` has found,
        // and the masks; they move the addresses of the tables, touch no stack and no register that a callee must keep.
        unsafe {
            entry(
                columns.as_mut_ptr(),
                numbers.as_ptr(),
                MASKS.as_ptr(),
                outside.picked.as_ptr(),
                outside.firsts.as_ptr(),
                tables.as_mut_ptr(),
            );
        }
    }
}

/// A function over one row, the numbers of a point.
#[derive(Debug)]
pub(crate) struct PointPage(Page);

impl PointPage {
    /// Of code that [`write`](crate::allocate::write) has made; `None` where it goes over the rows of a block, and where there is no page.
    pub(crate) fn new(written: &Written) -> Option<Self> {
        (written.rows == Rows::One).then(|| Page::new(&written.bytes).map(Self))?
    }

    /// Runs the instructions. The caller has seen to it that there are all numbers that they reach for.
    #[allow(unsafe_code)]
    pub(crate) fn call(&self, places: &mut [f64]) {
        // SAFETY: the page begins with the first instruction of a function of this type: `new` takes code over one row alone.
        let entry: PointEntry = unsafe { std::mem::transmute(self.0.0.as_ptr()) };
        // SAFETY: the instructions are AVX2 and FMA, which `allocate::write` has found on this machine. They read and write within
        // the places, as `PointCode::run` has found, and read the masks, but no numbers; they touch no stack and no register that
        // a callee must keep.
        unsafe { entry(places.as_mut_ptr(), std::ptr::null(), MASKS.as_ptr()) }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        PAGES.fetch_sub(1, Ordering::Relaxed);
    }
}
