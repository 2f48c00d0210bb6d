"""The planned city as scripts drive it: a child that serves it, told what changes by lines of words."""
import json, os, subprocess, sys


class City:
    def __init__(self, vigil, folder, sites, seed=None, faults=0):
        command = [vigil, "demo-city", "--folder", folder, "--sites", str(sites), "--faults", str(faults),
                   "--log", folder + "/access.log"]
        if seed is not None:
            command += ["--seed", str(seed)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("city ready"):
            sys.exit("the city did not start: " + line)
        print(line.strip(), flush=True)

    def tell(self, words):
        """What came of the words, an object a line; of the status that itself."""
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        answers = []
        while True:
            line = json.loads(self.process.stdout.readline())
            if line["type"] in ("done", "status"):
                return answers if line["type"] == "done" else [line]
            if line["type"] == "mistake":
                sys.exit("the city does not understand: " + words)
            answers.append(line)

    def cpu(self):
        return cpu(self.process.pid)

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)


def cpu(pid):
    """Seconds of processor time of a process that runs."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
