//! A web site on this machine's loopback: the files of `tests/page`, and the extension's under `/extension/`.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use tests::browser::Error;

/// The running site. Its thread ends with the process.
pub struct Site {
    port: u16,
}

impl Site {
    /// Starts on a free port.
    pub fn start() -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                std::thread::spawn(move || answer(stream));
            }
        });
        Ok(Self { port })
    }

    /// The page with the rows. `localhost` is a secure context and a valid RP ID.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/index.html", self.port)
    }
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut request)?;
    let path = request.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or("/").to_owned();
    let file = file_for(&path);
    let (status, body) = match std::fs::read(&file) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let kind = match file.extension().and_then(|name| name.to_str()) {
        Some("js") => "text/javascript",
        Some("xhtml") => "application/xhtml+xml",
        Some("svg") => "image/svg+xml",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain",
        _ => "text/html",
    };
    let policy = match path.as_str() {
        "/strict.xhtml" => "Content-Security-Policy: default-src 'none'; script-src 'none'\r\n",
        "/sandboxed.html" => "Content-Security-Policy: sandbox allow-scripts\r\n",
        _ => "",
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {length}\r\n{policy}Cache-Control: no-cache\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}

fn file_for(path: &str) -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = path.rsplit('/').next().unwrap_or_default();
    if path.starts_with("/extension/") {
        project.join("../extension").join(name)
    } else {
        project.join("page").join(name)
    }
}
