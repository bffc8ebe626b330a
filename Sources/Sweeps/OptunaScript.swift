// SPDX-License-Identifier: MIT

extension OptunaStudy {
    /// What Python runs: it reads a request on standard input, and ends with a line of its answer.
    ///
    /// A trial that was asked for before is looked up, and what it has no value of yet is drawn: a process may have been killed while it was
    /// made. Each trial is drawn with a seed of its own, so that a study which was stopped goes on as if it had not been.
    static let script = """
        import json, os, sys, warnings
        import optuna
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
        from optuna.trial import Trial, TrialState

        request = json.load(sys.stdin)
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("ignore")

        if request["is_journal"]:
            from optuna.storages import JournalStorage
            from optuna.storages.journal import JournalFileBackend
            # Its lock is a link to it. Only a whole path leads from there to it, by which a lock that was left behind is seen to be old.
            path = os.path.abspath(request["storage"])
            if os.path.exists(path):
                with open(path, "rb+") as journal:
                    # A line that was cut off by a kill would be taken for damage once another one follows it.
                    text = journal.read()
                    if not text.endswith(b"\\n"):
                        journal.truncate(text.rfind(b"\\n") + 1)
            # One that leads nowhere, of a folder that was moved, would be waited for without an end.
            if os.path.islink(path + ".lock") and not os.path.exists(path + ".lock"):
                os.remove(path + ".lock")
            storage = JournalStorage(JournalFileBackend(path))
        else:
            storage = request["storage"]
        number = request.get("ask")
        seed = (int(request["seed"]) + 7919 * int(number or 0)) % 2**32
        kinds = {"tpe": "TPESampler", "gp": "GPSampler", "qmc": "QMCSampler", "cma-es": "CmaEsSampler"}
        options = {"seed": seed}
        if request["sampler"] == "qmc":
            # The sequence of points is one for all trials: its seed must not differ, as that of the trials before it begins must.
            first = optuna.samplers.RandomSampler(seed=seed)
            options = {"seed": int(request["seed"]), "scramble": True, "independent_sampler": first}
        sampler = getattr(optuna.samplers, kinds[request["sampler"]])(**options)
        study = optuna.create_study(
            study_name=request["name"], storage=storage, direction="maximize", sampler=sampler, load_if_exists=True)

        def distribution(space):
            if isinstance(space, list):
                return CategoricalDistribution(space)
            if space["whole"]:
                return IntDistribution(int(space["low"]), int(space["high"]), log=space["log"])
            return FloatDistribution(space["low"], space["high"], log=space["log"])

        space = {key: distribution(value) for key, value in request["space"].items()}

        def complete(trial):
            for key, values in space.items():
                if isinstance(values, CategoricalDistribution):
                    trial.suggest_categorical(key, values.choices)
                elif isinstance(values, IntDistribution):
                    trial.suggest_int(key, values.low, values.high, log=values.log)
                else:
                    trial.suggest_float(key, values.low, values.high, log=values.log)
            return trial.params

        known = study.get_trials(deepcopy=False)
        for result in request["results"]:
            if result["number"] >= len(known) or known[result["number"]].state.is_finished():
                continue
            trial = Trial(study, known[result["number"]]._trial_id)
            for step, value in result["curve"]:
                trial.report(value, int(step))
            states = {"finished": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL}
            state, value = states[result["state"]], result.get("value")
            if state == TrialState.COMPLETE and value is None:
                state = TrialState.FAIL
            study.tell(result["number"], value if state == TrialState.COMPLETE else None, state=state)

        answer = {}
        if number is not None:
            # A trial of each number: those of processes that ask at the same time are made here too.
            while len(study.get_trials(deepcopy=False)) <= number:
                if os.getppid() != request["parent"]:
                    sys.exit("who asked is gone")
                study.ask(space)
            answer = complete(Trial(study, study.get_trials(deepcopy=False)[number]._trial_id))
        print("@answer " + json.dumps(answer))
        """
}
