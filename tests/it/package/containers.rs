//! Containers as units: `deploy/container/container-unit` against an engine that answers as Docker does.

use rei_recovery::adapters::command_units::{CommandUnits, CommandUnitsOptions};
use rei_recovery::domain::unit::{UnitName, UnitState};
use rei_recovery::ports::units::Units;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/deploy/container/container-unit"
);

/// Knows one container, `rei_bot`; what it was asked.
fn engine(socket: &Path) -> Arc<Mutex<Vec<String>>> {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let listener = UnixListener::bind(socket).unwrap();
    let heard = Arc::clone(&asked);
    std::thread::spawn(move || {
        let mut runs = true;
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let request = head(&stream);
            let answer = match request.as_str() {
                "GET /containers/rei_bot/json" => {
                    let state = if runs { "running" } else { "exited" };
                    told(
                        "200 OK",
                        &format!("{{\"State\":{{\"Status\":\"{state}\"}}}}"),
                    )
                }
                "POST /containers/rei_bot/stop?t=60" => changed(&mut runs, false),
                "POST /containers/rei_bot/start" => changed(&mut runs, true),
                _ => told("404 Not Found", "{\"message\":\"No such container\"}"),
            };
            heard.lock().unwrap().push(request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    asked
}

fn changed(runs: &mut bool, wanted: bool) -> String {
    let was = std::mem::replace(runs, wanted);
    match was == wanted {
        true => "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_owned(),
        false => "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned(),
    }
}

fn told(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

/// Method and path.
fn head(stream: &UnixStream) -> String {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let first = lines.first().cloned().unwrap_or_default();
    first.trim_end_matches(" HTTP/1.1").to_owned()
}

fn units(socket: &Path) -> CommandUnits {
    let command = |verb: &str| {
        let socket = socket.display();
        format!("env ENGINE_SOCKET={socket} {PROGRAM} {verb} {{unit}}")
    };
    let [start, stop, status] = ["start", "stop", "status"].map(command);
    CommandUnits::new(CommandUnitsOptions::new(&start, &stop, &status)).unwrap()
}

#[tokio::test]
async fn a_container_is_started_and_stopped_as_a_unit() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let asked = engine(&socket);
    let units = units(&socket);
    let unit: UnitName = "rei_bot".parse().unwrap();
    let state = async || units.status(&unit).await.unwrap().state;
    assert_eq!(state().await, UnitState::Active);
    units.stop(&unit).await.unwrap();
    assert_eq!(state().await, UnitState::Inactive);
    units.start(&unit).await.unwrap();
    assert_eq!(state().await, UnitState::Active);
    let asked = asked.lock().unwrap();
    assert!(
        asked
            .iter()
            .any(|line| line.starts_with("POST") && line.contains("stop"))
    );
}

#[tokio::test]
async fn what_the_engine_does_not_say_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let unit: UnitName = "rei_bot".parse().unwrap();
    // Nobody listens: that is no stopped container.
    let silent = units(&socket).status(&unit).await;
    assert!(!silent.is_ok_and(|status| status.state == UnitState::Inactive));
    engine(&socket);
    let other: UnitName = "nobody".parse().unwrap();
    let unknown = units(&socket).status(&other).await;
    assert!(!unknown.is_ok_and(|status| status.state == UnitState::Inactive));
    assert!(units(&socket).start(&other).await.is_err());
}
