// SPDX-License-Identifier: MIT

internal import Settings

/// A sweep as an Indexed Job of Kubernetes: a manifest with the sweep's file, a volume that all pods share, and what each exit code leads to.
package struct KubernetesJob: Sendable {
    package var name: String
    /// The sweep's file, as it is.
    package var file: String
    package var trials: Int
    /// Pods at once.
    package var parallelism: Int
    package var threads: Int
    /// The image that has the `sinew` command, with robots and scenes.
    package var image: String
    /// The claim of a volume that many pods may write (ReadWriteMany).
    package var volumeClaim: String

    package init(
        name: String, file: String, trials: Int, parallelism: Int, threads: Int, image: String,
        volumeClaim: String
    ) {
        (self.name, self.file, self.trials, self.parallelism) = (Self.plain(name), file, trials, parallelism)
        (self.threads, self.image, self.volumeClaim) = (threads, image, volumeClaim)
    }

    /// A name as Kubernetes takes it (RFC 1123), with room for what it appends.
    static func plain(_ name: String) -> String {
        let letters = name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let trimmed = String(letters).split(separator: "-").joined(separator: "-").prefix(40)
        return "sinew-" + (trimmed.isEmpty ? "sweep" : trimmed.hasSuffix("-") ? trimmed.dropLast() : trimmed)
    }

    /// Exit codes that no other pod would end better with: the file, the image or the command is wrong.
    package static let hopeless = [64, 65, 66, 69]
    /// Exit codes of a pod that was stopped after its checkpoint.
    package static let stopped = [129, 130, 143]

    /// The manifest.
    ///
    /// What is neither hopeless nor a stop (the disk is full, memory ran out, a node is gone) is tried again, four times for an index;
    /// the others go on.
    package var yaml: String {
        """
        # An Indexed Job: pod I trains trial I of the sweep. `kubectl apply -f` starts it; applied again after its end and
        # `kubectl delete job \(name)`, it continues what is left.
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: \(name)
        data:
          sweep.yaml: \(block(file))
        ---
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: \(name)
        spec:
          completionMode: Indexed
          completions: \(trials)
          parallelism: \(parallelism)
          backoffLimitPerIndex: 3
          # The pod that takes over starts when the one before has written its checkpoint.
          podReplacementPolicy: Failed
          podFailurePolicy:
            rules:
              # A node is drained, or the pod is preempted: not the trial's fault, and it continues from its checkpoint.
              - action: Ignore
                onPodConditions:
                  - {type: DisruptionTarget, status: "True"}
              - action: Ignore
                onExitCodes:
                  containerName: sinew
                  operator: In
                  values: [\(list(Self.stopped))]
              # The sweep's file, a scene, the image or the command is wrong: no trial can go better.
              - action: FailJob
                onExitCodes:
                  containerName: sinew
                  operator: In
                  values: [\(list(Self.hopeless))]
          template:
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 90
              containers:
                - name: sinew
                  image: \(JSONValue.quoted(image))
                  command: [sinew, sweep, /sweep/sweep.yaml, --output, /data/\(name), --task-index, auto, --jobs, "1", --threads, "\(threads)"]
                  resources:
                    requests:
                      cpu: "\(threads)"
                  volumeMounts:
                    - {name: sweep, mountPath: /sweep}
                    - {name: data, mountPath: /data}
              volumes:
                - name: sweep
                  configMap:
                    name: \(name)
                - name: data
                  persistentVolumeClaim:
                    claimName: \(JSONValue.quoted(volumeClaim))

        """
    }

    private func list(_ codes: [Int]) -> String { codes.map(String.init).joined(separator: ", ") }

    /// A text as a YAML value: in lines of its own, unless it has something in it that these cannot have.
    private func block(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value < 0x7F }
        guard isPlain, let first = text.first, first != " ", first != "\n" else {
            return JSONValue.quoted(text)
        }
        // `+` keeps all ends of lines, and `-` none where there is none.
        let ends = text.hasSuffix("\n")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(ends ? 1 : 0)
        return (ends ? "|+" : "|-") + lines.map { $0.isEmpty ? "\n" : "\n    \($0)" }.joined()
    }
}
