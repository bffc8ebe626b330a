// SPDX-License-Identifier: MIT

/// Why processes cannot be the ranks of a run.
package enum RanksError: Error, Equatable, CustomStringConvertible {
    /// Open MPI is not installed.
    case missing(reason: String)
    /// Another MPI is installed, whose calls have another form.
    case otherLibrary(String)
    /// Open MPI lacks a function.
    case incomplete(name: String)
    /// Another MPI's launcher started the processes.
    case otherLauncher(processes: String)
    /// Open MPI does not start.
    case refused(code: Int)

    package var description: String {
        switch self {
        case .missing(let reason):
            "--mpi needs Open MPI, and there is no libmpi.so.40 (\(reason)); install it: apt-get install openmpi-bin"
        case .otherLibrary(let name):
            "--mpi needs Open MPI (libmpi.so.40), and there is only \(name), which is MPICH's or of its kind; install it: "
                + "apt-get install openmpi-bin, and start with mpirun.openmpi"
        case .incomplete(let name):
            "--mpi needs Open MPI 4 or 5, and libmpi.so.40 has no \(name); install Debian's: apt-get install openmpi-bin"
        case .otherLauncher(let processes):
            "another MPI's launcher started these \(processes) processes, not Open MPI's; start them with mpirun.openmpi"
        case .refused(let code):
            "Open MPI does not start (MPI_Init returns \(code)); try it alone: mpirun -n 2 true"
        }
    }
}
