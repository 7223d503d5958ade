//! The costs that the README states, as ratios measured in one run: machines differ and are shared, so a number
//! of seconds says little, and its ratio to a known job on the same machine says much.
//!
//! `cargo bench --bench ratios` prints them. Each job runs in a process of its own, several times in turn with the
//! others, so that a busy moment does not fall on one of them alone; the least time counts. The program, which takes
//! longest, is compared with its yardstick pair by pair, see [`pairs`]. It is the program as people run it, with its
//! allocator and its table; the rest has the system's allocator, as the yardstick has to.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hadr_scan::config::Config;
use hadr_scan::index::Index;
use hadr_scan::policy::{Catalogue, Document, Engine, Parameters, interpret};
use hadr_scan::snapshot;

const RESOURCES: usize = 100_000;
/// A round takes about half a minute, most of it the interpreter's.
const ROUNDS: usize = 2;
/// Pairs of the program and its yardstick.
const PAIRS: usize = 9;
/// Times that the file is parsed in a pair: as often as the program may take the time of it.
const PARSES: usize = 5;

type Job = fn(&Path) -> Result<Duration, Box<dyn std::error::Error>>;

/// The yardstick, and the stages of an evaluation one by one.
const JOBS: [(&str, Job); 6] = [
    ("parse", parse),
    ("read", read),
    ("index", index),
    ("document", document),
    ("machine", machine),
    ("interpreter", interpreter),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, job, file] = arguments.as_slice()
        && flag == "--job"
    {
        return run_job(job, Path::new(file));
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("snapshot.json");
    snapshot::write(&support::account(RESOURCES), &file)?;
    let size = std::fs::metadata(&file)?.len();

    let mut jobs = JOBS.map(|_| Measure::default());
    for _ in 0..ROUNDS {
        for ((name, _), job) in JOBS.iter().zip(&mut jobs) {
            job.take(measure(name, &file)?);
        }
    }
    let (evaluate, ratios) = pairs(&file)?;
    let [_, _, _, _, machine, interpreter] = &jobs;
    println!("{RESOURCES} resources, {:.1} MB of JSON", size as f64 / 1e6);
    for (name, measure) in JOBS.iter().map(|(name, _)| *name).zip(&jobs).chain([("evaluate", &evaluate)]) {
        println!("{name:>12}  {:7.3} s  {:7.1} MB peak", measure.seconds, measure.peak_bytes as f64 / 1e6);
    }
    let [least, .., most] = ratios;
    println!("evaluate / parse          {:.2} ({least:.2} to {most:.2})", ratios[PAIRS / 2]);
    println!("interpreter / machine     {:.2}", interpreter.seconds / machine.seconds);
    println!("peak of evaluate / file   {:.2}", evaluate.peak_bytes as f64 / size as f64);
    Ok(())
}

/// The program, and in ascending order how many times as long as its yardstick it takes, of which the middle counts.
///
/// Both halves of a pair take about as long, and one follows the other. The least of each would not do: of few quiet
/// moments a short job meets one as a whole, and a job that takes five times as long never does, so that the busier the
/// machine is, the longer the program would seem to take.
fn pairs(file: &Path) -> Result<(Measure, [f64; PAIRS]), Box<dyn std::error::Error>> {
    let mut evaluate = Measure::default();
    let mut ratios = [0.0; PAIRS];
    for ratio in &mut ratios {
        let mut parses = 0.0;
        for _ in 0..PARSES {
            parses += measure("parse", file)?.seconds;
        }
        let program = program(file)?;
        *ratio = program.seconds / (parses / PARSES as f64);
        evaluate.take(program);
    }
    ratios.sort_by(f64::total_cmp);
    Ok((evaluate, ratios))
}

struct Measure {
    seconds: f64,
    peak_bytes: u64,
}

impl Default for Measure {
    fn default() -> Self {
        Self { seconds: f64::INFINITY, peak_bytes: 0 }
    }
}

impl Measure {
    /// The least time and the most memory of several.
    fn take(&mut self, other: Self) {
        self.seconds = self.seconds.min(other.seconds);
        self.peak_bytes = self.peak_bytes.max(other.peak_bytes);
    }
}

/// Everything from the file to the report, with every policy, process start included.
fn program(file: &Path) -> Result<Measure, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_hadr-scan"))
        .arg("evaluate")
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", program.id());
    let mut peak = 0;
    let exit = loop {
        // The peak only grows, so that what is read last before the end is all of it but for the last moment.
        peak = peak_bytes(Path::new(&status)).unwrap_or(peak);
        if let Some(exit) = program.try_wait()? {
            break exit;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    if exit.code() != Some(1) {
        return Err(format!("there are findings, and the program ended with {exit}").into());
    }
    Ok(Measure { seconds: start.elapsed().as_secs_f64(), peak_bytes: peak })
}

fn measure(job: &str, file: &Path) -> Result<Measure, Box<dyn std::error::Error>> {
    let program: PathBuf = std::env::current_exe()?;
    let output = Command::new(program).args(["--job", job]).arg(file).output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut fields = text.split_whitespace();
    let mut next =
        || fields.next().ok_or_else(|| format!("{job}: {}", String::from_utf8_lossy(&output.stderr)));
    Ok(Measure { seconds: next()?.parse()?, peak_bytes: next()?.parse()? })
}

fn run_job(job: &str, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (_, run) = JOBS.iter().find(|(name, _)| *name == job).ok_or("no such job")?;
    let duration = run(file)?;
    println!("{} {}", duration.as_secs_f64(), peak_bytes(Path::new("/proc/self/status"))?);
    Ok(())
}

/// Most memory that a process had, by its file of `/proc`. Linux only, where it costs nothing to know.
fn peak_bytes(status: &Path) -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string(status)?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}

/// What any program that reads the file pays: the yardstick.
fn parse(file: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file)?;
    let start = Instant::now();
    let value: serde_json::Value = serde_json::from_str(&text)?;
    let duration = start.elapsed();
    drop(value);
    Ok(duration)
}

fn read(file: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let located = snapshot::read(file)?;
    let duration = start.elapsed();
    assert!(located.snapshot.resources.len() >= RESOURCES);
    Ok(duration)
}

fn index(file: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    let located = snapshot::read(file)?;
    let config = Config::default();
    let start = Instant::now();
    let index = Index::build(vec![&located.snapshot], &config);
    let duration = start.elapsed();
    assert_eq!(index.snapshots().len(), 1);
    Ok(duration)
}

/// The policies' input, as the engine holds it.
fn document(file: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    with_document(file, |_, _, start| Ok(start.elapsed()))
}

/// Only the evaluation of the policies, on regorus' virtual machine.
fn machine(file: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    with_document(file, |engine, document, _| {
        // The interpreter has one thread, so the machine has one as well.
        let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
        let start = Instant::now();
        let evaluated = one_thread.install(|| engine.evaluate(document, |_, output| output.is_ok()));
        let duration = start.elapsed();
        assert!(evaluated.iter().all(|evaluated| *evaluated));
        Ok(duration)
    })
}

/// The same with the interpreter.
fn interpreter(file: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    with_document(file, |_, document, _| {
        let catalogue = Catalogue::embedded()?;
        let parameters = Parameters::resolve(&catalogue, &catalogue, &Config::default())?;
        let start = Instant::now();
        let outputs = interpret(&catalogue, &parameters, document)?;
        let duration = start.elapsed();
        assert_eq!(outputs.len(), catalogue.iter().count());
        Ok(duration)
    })
}

fn with_document(
    file: &Path,
    job: impl FnOnce(&Engine, &Document, Instant) -> Result<Duration, Box<dyn std::error::Error>>,
) -> Result<Duration, Box<dyn std::error::Error>> {
    let located = snapshot::read(file)?;
    let config = Config::default();
    let catalogue = Catalogue::embedded()?;
    let engine = Engine::compile(&catalogue, &Parameters::resolve(&catalogue, &catalogue, &config)?)?;
    let index = Index::build(vec![&located.snapshot], &config);
    let input = index.input(&located.snapshot);
    let start = Instant::now();
    let document = engine.document(&input);
    job(&engine, &document, start)
}
