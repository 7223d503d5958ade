//! The AWS servers: moto and ministack, each started once per test process on a free port, each trusted
//! only for what it gets right. Tests are isolated by account, not by server.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::account::Account;
use super::{kept_files, tools};

/// A server imports a thousand Python modules; on a busy machine that takes its time.
const START: Duration = Duration::from_secs(120);
const END: Duration = Duration::from_secs(30);

/// Which server, and how it is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Right for RDS replicas, snapshots and copies, and for tags of RDS.
    Moto,
    /// Right for S3 and for `account:ListRegions`.
    Ministack,
    /// ministack that checks signatures and evaluates IAM policies.
    MinistackWithAuth,
}

impl Kind {
    /// Whether the access key id of a request names the account, as on ministack.
    pub(crate) fn key_is_account(self) -> bool {
        self == Self::Ministack
    }

    fn name(self) -> &'static str {
        match self {
            Self::Moto => "moto",
            Self::Ministack | Self::MinistackWithAuth => "ministack",
        }
    }

    fn environment(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Moto => &[("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")],
            Self::Ministack => &[],
            Self::MinistackWithAuth => &[("AUTH", "true")],
        }
    }

    fn health(self) -> &'static str {
        match self {
            Self::Moto => "/moto-api/",
            Self::Ministack | Self::MinistackWithAuth => "/_ministack/health",
        }
    }
}

/// A running server. It ends when this value is dropped, and at the latest with the test process.
#[derive(Debug)]
pub(crate) struct Server {
    kind: Kind,
    address: SocketAddr,
    child: Child,
    /// The pipe whose end ends the server.
    pipe: Option<ChildStdin>,
}

/// The moto server of this test process.
pub(crate) fn moto() -> &'static Server {
    static SERVER: LazyLock<Server> = LazyLock::new(|| Server::start(Kind::Moto));
    &SERVER
}

/// The ministack server of this test process.
pub(crate) fn ministack() -> &'static Server {
    static SERVER: LazyLock<Server> = LazyLock::new(|| Server::start(Kind::Ministack));
    &SERVER
}

/// The ministack server of this test process that enforces IAM policies.
pub(crate) fn ministack_with_auth() -> &'static Server {
    static SERVER: LazyLock<Server> = LazyLock::new(|| Server::start(Kind::MinistackWithAuth));
    &SERVER
}

impl Server {
    /// Starts a server for one test alone; most tests share one and take an account of their own.
    pub(crate) fn start(kind: Kind) -> Self {
        static STARTED: AtomicU64 = AtomicU64::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let log = kept_files().join(format!("{}-{}-{number}.log", kind.name(), std::process::id()));
        let mut child = Command::new(tools::tools().python())
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/support/serve.py"))
            .arg(kind.name())
            .arg(&log)
            .envs(kind.environment().iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the installed Python starts");
        let pipe = child.stdin.take();
        let stdout = child.stdout.take().expect("standard output is piped");
        let (sender, port) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            // A server that ends before it has a port closes the pipe: the line is empty then.
            let _ = BufReader::new(stdout).read_line(&mut line);
            let _ = sender.send(line);
        });
        let port = port.recv_timeout(START).ok().and_then(|line| line.trim().parse::<u16>().ok());
        let Some(port) = port else { panic!("{kind:?} did not start:\n{}", log_of(&log)) };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if let Err(error) = is_healthy(address, kind.health()) {
            panic!("{kind:?} does not answer: {error}\n{}", log_of(&log));
        }
        Self { kind, address, child, pipe }
    }

    /// What the server is.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint URL for an SDK or CLI.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// An account that no other test of this process uses.
    pub(crate) fn account(&self) -> Account {
        self.account_with_id(&Account::fresh_id())
    }

    /// The account of the given id, for fixtures whose account number is part of what they show.
    pub(crate) fn account_with_id(&self, id: &str) -> Account {
        match self.kind {
            Kind::Moto => super::block_on(Account::by_assumed_role(id, &self.endpoint())),
            Kind::Ministack | Kind::MinistackWithAuth => Account::root(id, &self.endpoint()),
        }
    }

    /// Closes the pipe, as the end of the test process does, and waits for the server to end.
    pub(crate) fn close_pipe(mut self) -> ExitStatus {
        drop(self.pipe.take());
        let deadline = std::time::Instant::now() + END;
        loop {
            if let Some(status) = self.child.try_wait().expect("the server is a child of this process") {
                return status;
            }
            assert!(std::time::Instant::now() < deadline, "the server outlives its pipe");
            std::thread::yield_now();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.pipe.take());
        // Reaped here, so that a test that starts many servers leaves no zombies; it ends on its own.
        let _ = self.child.wait();
    }
}

/// One request: the socket accepts connections already, so the answer comes when the server is ready.
fn is_healthy(address: SocketAddr, path: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect_timeout(&address, START)?;
    stream.set_read_timeout(Some(START))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(32).read_to_string(&mut answer)?;
    if answer.contains(" 200 ") { Ok(()) } else { Err(std::io::Error::other(answer)) }
}

fn log_of(path: &PathBuf) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| format!("no log: {error}"))
}
