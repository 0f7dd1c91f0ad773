//! Real Redis servers, each on a loopback port of its own with a folder of its own.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const UP_WITHIN: Duration = Duration::from_secs(20);

/// A server; killed when it is dropped.
pub struct RedisServer {
    child: Option<Child>,
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
}

impl RedisServer {
    /// A server that keeps nothing on disk.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// A server with these settings, each a name and its value, on top.
    pub fn with(settings: &[&str]) -> Self {
        let mut server = Self::stopped(settings);
        server.go();
        server
    }

    /// The same, not yet running: its folder can be filled before.
    pub fn stopped(settings: &[&str]) -> Self {
        Self {
            child: None,
            folder: tempfile::tempdir().expect("a folder"),
            port: free_port(),
            settings: settings.iter().map(|&word| word.to_owned()).collect(),
        }
    }

    /// Starts it, on the same port and folder as before.
    pub fn go(&mut self) {
        let folder = self.folder.path().to_str().expect("a plain path");
        let own = ["--save", "", "--dir", folder].map(str::to_owned);
        self.launch(&[&own, self.settings.as_slice()].concat());
    }

    /// Starts it as a sentinel, which keeps its settings in this file.
    pub fn sentinel(&mut self, file: &Path) {
        let file = file.to_str().expect("a plain path");
        self.launch(&[file, "--sentinel"].map(str::to_owned));
    }

    fn launch(&mut self, words: &[String]) {
        let log = fs::File::create(self.folder.path().join("log")).expect("a log");
        // The name of a file must be the first word.
        let (file, rest) = words.split_at(usize::from(!words[0].starts_with('-')));
        let child = Command::new("redis-server")
            .args(file)
            .args(["--port", &self.port.to_string()])
            .args(["--bind", "127.0.0.1", "--daemonize", "no"])
            .args(rest)
            .stdin(Stdio::null())
            .stdout(log)
            .spawn();
        self.child = Some(child.expect("Debian's package redis-server is installed"));
        let deadline = Instant::now() + UP_WITHIN;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "redis-server: {}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it is ours");
            child.wait().expect("it ends");
        }
    }

    /// Replaces its settings for the next start.
    pub fn configure(&mut self, settings: &[&str]) {
        self.settings = settings.iter().map(|&word| word.to_owned()).collect();
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// A connection to look and to prepare with.
    pub fn client(&self) -> redis::Connection {
        let client = redis::Client::open(self.url()).expect("an address");
        client.get_connection().expect("it answers")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A port that nobody listens on just now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("its address").port()
}

/// An issuer of its own and a certificate for 127.0.0.1 and localhost, by openssl.
pub struct Certificates {
    folder: TempDir,
}

impl Certificates {
    /// Makes them.
    pub fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let own = Self { folder };
        own.openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=lab-issuer -keyout ca.key -out ca.crt");
        own.openssl(
            "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr",
        );
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1\n";
        fs::write(own.path("names"), names).expect("written");
        own.openssl("x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt");
        own
    }

    /// One of `ca.crt`, `server.crt`, `server.key`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(self.folder.path())
            .output()
            .expect("Debian's package openssl is installed");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {words}");
    }
}
