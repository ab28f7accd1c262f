//! A small executor for futures that only wait for each other, and services that answer with such futures.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::future::{poll_fn, Future};
use std::pin::{pin, Pin};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// A future of unknown type.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The future waits, and nothing is left that could wake it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stalled;

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// Polls a future until it is done, or until nobody wakes it any more.
pub fn block_on<F: Future>(future: F) -> Result<F::Output, Stalled> {
    let flag = Arc::new(Flag(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&flag));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    while flag.0.swap(false, Ordering::Acquire) {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Ok(output);
        }
    }
    Err(Stalled)
}

/// Waits for all futures; the outputs are in the order of the futures.
pub async fn join_all<T>(futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut slots: Vec<_> = futures.into_iter().map(|future| (future, None)).collect();
    poll_fn(|context| {
        for (future, output) in &mut slots {
            if output.is_none() {
                if let Poll::Ready(value) = future.as_mut().poll(context) {
                    *output = Some(value);
                }
            }
        }
        if slots.iter().all(|(_, output)| output.is_some()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    slots.into_iter().filter_map(|(_, output)| output).collect()
}

/// Lets the other futures go first, once.
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

struct Shared<T> {
    value: Option<T>,
    waiting: Option<Waker>,
}

/// The writing end of a promise.
pub struct Resolver<T>(Rc<RefCell<Shared<T>>>);

/// A future value that somebody else will provide.
pub struct Promise<T>(Rc<RefCell<Shared<T>>>);

pub fn promise<T>() -> (Resolver<T>, Promise<T>) {
    let shared = Rc::new(RefCell::new(Shared { value: None, waiting: None }));
    (Resolver(Rc::clone(&shared)), Promise(shared))
}

impl<T> Resolver<T> {
    pub fn resolve(self, value: T) {
        let mut shared = self.0.borrow_mut();
        shared.value = Some(value);
        if let Some(waker) = shared.waiting.take() {
            waker.wake();
        }
    }
}

impl<T> Future for Promise<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut shared = self.0.borrow_mut();
        match shared.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                shared.waiting = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Why a service has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    NoService(String),
    Busy,
    Refused(String),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::NoService(name) => write!(f, "no service `{name}`"),
            CallError::Busy => f.write_str("busy"),
            CallError::Refused(reason) => write!(f, "refused: {reason}"),
        }
    }
}

/// Answers requests some time.
pub trait Service {
    fn call<'a>(&'a self, request: &'a str) -> BoxFuture<'a, Result<String, CallError>>;
}

/// Functions that answer at once are services.
impl<F: Fn(&str) -> Result<String, CallError>> Service for F {
    fn call<'a>(&'a self, request: &'a str) -> BoxFuture<'a, Result<String, CallError>> {
        Box::pin(async move { self(request) })
    }
}

/// Asks a service again while it is busy, up to `retries` times.
pub struct Retry<S> {
    pub service: S,
    pub retries: usize,
}

impl<S: Service> Service for Retry<S> {
    fn call<'a>(&'a self, request: &'a str) -> BoxFuture<'a, Result<String, CallError>> {
        Box::pin(async move {
            for _ in 0..self.retries {
                match self.service.call(request).await {
                    Err(CallError::Busy) => yield_now().await,
                    answer => return answer,
                }
            }
            self.service.call(request).await
        })
    }
}

/// Services by name.
#[derive(Default)]
pub struct Router {
    services: BTreeMap<String, Box<dyn Service>>,
}

impl Router {
    pub fn route(mut self, name: &str, service: impl Service + 'static) -> Self {
        self.services.insert(name.to_owned(), Box::new(service));
        self
    }

    /// Sends `name:request` to the service of that name.
    pub async fn dispatch(&self, line: &str) -> Result<String, CallError> {
        let (name, request) = line.split_once(':').unwrap_or((line, ""));
        let service = self.services.get(name).ok_or_else(|| CallError::NoService(name.to_owned()))?;
        service.call(request.trim()).await
    }

    /// Sends all lines at once.
    pub async fn dispatch_all(&self, lines: &[&str]) -> Vec<Result<String, CallError>> {
        join_all(lines.iter().map(|line| Box::pin(self.dispatch(line)) as BoxFuture<'_, _>).collect()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn busy_for(calls: u32) -> impl Service {
        let left = Cell::new(calls);
        move |request: &str| match left.get() {
            0 => Ok(request.to_uppercase()),
            n => {
                left.set(n - 1);
                Err(CallError::Busy)
            }
        }
    }

    #[test]
    fn runs_futures_to_their_end() {
        let sum = async {
            yield_now().await;
            let (a, b) = (async { 2 }.await, async { 3 }.await);
            a + b
        };
        assert_eq!(block_on(sum), Ok(5));
    }

    #[test]
    fn yielding_lets_others_go_first() {
        let log = RefCell::new(Vec::new());
        let first = async {
            yield_now().await;
            log.borrow_mut().push("first");
        };
        let second = async { log.borrow_mut().push("second") };
        assert!(block_on(join_all(vec![Box::pin(first) as BoxFuture<'_, ()>, Box::pin(second)])).is_ok());
        assert_eq!(*log.borrow(), ["second", "first"]);
    }

    #[test]
    fn notices_what_nobody_will_wake() {
        let (resolver, promise) = promise::<u8>();
        assert_eq!(block_on(promise), Err(Stalled));
        resolver.resolve(1);
    }

    #[test]
    fn joins_in_order_whoever_is_first() {
        let (resolver, value) = promise();
        let second = async move {
            yield_now().await;
            resolver.resolve("first");
            "second"
        };
        assert_eq!(block_on(join_all(vec![Box::pin(value), Box::pin(second)])), Ok(vec!["first", "second"]));
    }

    #[test]
    fn retries_while_busy() {
        let retry = |calls, retries| block_on(Retry { service: busy_for(calls), retries }.call("ore"));
        assert_eq!(retry(2, 2), Ok(Ok("ORE".into())));
        assert_eq!(retry(3, 2), Ok(Err(CallError::Busy)));
        let refusing = |_: &str| Err(CallError::Refused("closed".into()));
        let refused = block_on(Retry { service: refusing, retries: 5 }.call("x")).unwrap().unwrap_err();
        assert_eq!(refused.to_string(), "refused: closed");
    }

    #[test]
    fn routes_by_name() {
        let router = Router::default()
            .route("up", busy_for(0))
            .route("len", |request: &str| Ok(request.len().to_string()));
        let answers = block_on(router.dispatch_all(&["len: four", "up:a:b", "none"])).unwrap();
        assert_eq!(answers, [Ok("4".into()), Ok("A:B".into()), Err(CallError::NoService("none".into()))]);
    }
}
