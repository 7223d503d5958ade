//! The stages of an evaluation one by one, for finding out where time goes after a change.

#![allow(clippy::expect_used, reason = "a bench that cannot measure has to stop")]
#![allow(missing_docs, reason = "criterion's macros make public items")]

mod support;

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use hadr_scan::config::Config;
use hadr_scan::finding::{Accounts, Source, assess};
use hadr_scan::index::Index;
use hadr_scan::policy::{Catalogue, Engine, Parameters};
use hadr_scan::snapshot::{self, Located};

const RESOURCES: usize = 10_000;

fn stages(criterion: &mut Criterion) {
    let config = Config::default();
    let catalogue = Catalogue::embedded().expect("the policies in the program are right");
    let parameters = Parameters::resolve(&catalogue, &catalogue, &config).expect("the defaults are right");
    let compile = || Engine::compile(&catalogue, &parameters).expect("the policies in the program are right");
    let engine = compile();
    let account = support::account(RESOURCES);
    let folder = tempfile::tempdir().expect("the machine has a temporary folder");
    let file = folder.path().join("snapshot.json");
    snapshot::write(&account, &file).expect("the folder is writable");
    let text = std::fs::read_to_string(&file).expect("the file was written");
    let index = Index::build(vec![&account], &config);
    let input = index.input(&account);
    let document = engine.document(&input);
    let located = Located::as_written(account.clone());
    let sources = [Source { located: &located, path: "snapshot.json".to_owned() }];

    let mut group = criterion.benchmark_group("evaluate");
    group.sample_size(10);
    group.bench_function("yardstick: serde_json parses the file", |bencher| {
        bencher.iter(|| serde_json::from_str::<serde_json::Value>(black_box(&text)));
    });
    group.bench_function("compile the policies", |bencher| bencher.iter(|| black_box(compile())));
    group.bench_function("read the snapshot", |bencher| {
        bencher.iter(|| snapshot::read(black_box(Path::new(&file))));
    });
    group.bench_function("build the index", |bencher| {
        bencher.iter(|| black_box(Index::build(vec![&account], &config)));
    });
    group.bench_function("build the document", |bencher| bencher.iter(|| black_box(engine.document(&input))));
    group.bench_function("evaluate the policies", |bencher| {
        bencher.iter(|| engine.evaluate(black_box(&document), |_, output| output.is_ok()));
    });
    group.bench_function("assess", |bencher| {
        bencher.iter(|| assess(&Accounts::of(black_box(&sources), &config), &catalogue, &engine));
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
