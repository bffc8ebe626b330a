// SPDX-License-Identifier: MIT

import Sweeps
import Testing

/// What schedulers are given; real ones read it in `make test-slurm` and `make test-sweep`.
struct ClusterTests {
    @Test func `Slurm gets the tasks that are left, as it lists numbers`() {
        let script = SlurmScript(
            tasks: [7, 0, 1, 2, 5], atOnce: 2, name: "a b", logs: "my 5% of/slurm", threads: 3,
            command: "sinew sweep 'a b.yaml'")
        #expect(script.text.contains("#SBATCH --array=0-2,5,7%2\n"))
        #expect(script.text.hasSuffix("#SBATCH --cpus-per-task=3\nexec sinew sweep 'a b.yaml'\n"))
        #expect(script.options == ["--job-name=a b", "--output=my 5%% of/slurm/%A_%a.log"])
        #expect(!script.text.contains("a b\n") && !script.text.contains("my 5"))
        let all = SlurmScript(tasks: [4], atOnce: nil, name: "n", logs: "l", threads: 1, command: "c")
        #expect(all.text.contains("#SBATCH --array=4\n"))
    }

    @Test func `names become what Kubernetes takes, and the file stays what it is`() {
        func job(_ name: String, _ file: String) -> KubernetesJob {
            KubernetesJob(
                name: name, file: file, trials: 8, parallelism: 2, threads: 1, image: "i: \"j\"",
                volumeClaim: "v")
        }
        #expect(job("My sweep_2", "a: 1").name == "sinew-my-sweep-2")
        #expect(job("...", "").name == "sinew-sweep")
        #expect(job(String(repeating: "a-", count: 50), "").name.count <= 52)
        let yaml = job("s", "a: 1\n\nb: 2\n").yaml
        #expect(yaml.contains("  sweep.yaml: |+\n    a: 1\n\n    b: 2\n---\n"))
        #expect(job("s", "a: 1").yaml.contains("  sweep.yaml: |-\n    a: 1\n---\n"))
        #expect(yaml.contains("image: \"i: \\\"j\\\"\""))
        #expect(job("s", "a: \t1\n").yaml.contains("sweep.yaml: \"a: \\u00091\\u000a\""))
    }
}
