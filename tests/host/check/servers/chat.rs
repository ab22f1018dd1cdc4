// A right chat server in Rust: two threads a client, a bounded channel, one mutex around the room.
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{sync_channel, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread;

const LIMIT: u64 = 10_000;
type Room = Arc<Mutex<BTreeMap<String, (SyncSender<Vec<u8>>, TcpStream)>>>;

fn tell(room: &BTreeMap<String, (SyncSender<Vec<u8>>, TcpStream)>, line: &[u8], but: &str) {
    for (name, (sender, socket)) in room {
        if name != but && sender.try_send(line.to_vec()).is_err() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

fn read_line(reader: &mut BufReader<TcpStream>, out: &SyncSender<Vec<u8>>) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    reader.by_ref().take(LIMIT).read_until(b'\n', &mut line).ok()?;
    if line.pop() != Some(b'\n') {
        if line.len() as u64 >= LIMIT - 1 {
            let _ = out.try_send(b"! line too long\n".to_vec());
        }
        return None;
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Some(line)
}

fn serve(socket: TcpStream, room: Room) -> Option<()> {
    let (out, lines) = sync_channel::<Vec<u8>>(1000);
    let mut writing = socket.try_clone().ok()?;
    let writer = thread::spawn(move || {
        for line in lines {
            if writing.write_all(&line).is_err() {
                break;
            }
        }
        let _ = writing.shutdown(Shutdown::Both);
    });
    let _ = out.try_send(b"Please state your name\n".to_vec());
    let closing = socket.try_clone().ok()?;
    let mut reader = BufReader::new(socket);
    let mut joined = None;
    if let Some(asked) = read_line(&mut reader, &out) {
        let good = !asked.is_empty() && asked.len() <= 64 && asked.iter().all(|c| c.is_ascii_alphanumeric());
        let name = String::from_utf8_lossy(&asked).to_string();
        let mut members = room.lock().unwrap();
        if good && !members.contains_key(&name) {
            let list: Vec<&str> = members.keys().map(|s| s.as_str()).collect();
            let _ = out.try_send(format!("*Online: {}\n", list.join("|")).into_bytes());
            tell(&members, format!("*JOIN {}\n", name).as_bytes(), "");
            members.insert(name.clone(), (out.clone(), closing.try_clone().ok()?));
            joined = Some(name);
        } else {
            let _ = out.try_send(b"! refused\n".to_vec());
        }
    }
    if let Some(name) = joined {
        while let Some(line) = read_line(&mut reader, &out) {
            let whole = [b"[", name.as_bytes(), b"] ", &line, b"\n"].concat();
            tell(&room.lock().unwrap(), &whole, &name);
        }
        let mut members = room.lock().unwrap();
        members.remove(&name);
        tell(&members, format!("*PART {}\n", name).as_bytes(), "");
    }
    drop(out);
    let _ = writer.join();
    Some(())
}

fn main() {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let room: Room = Arc::new(Mutex::new(BTreeMap::new()));
    for socket in listener.incoming().flatten() {
        let _ = socket.set_nodelay(true);
        let room = room.clone();
        thread::spawn(move || serve(socket, room));
    }
}
