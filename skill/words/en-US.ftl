# What Toban says in English. One sentence is one row; facts come from plans and results.
# Message names: <action>-<moment>; <action>-<fact> renders one item of a list fact.

## Frame
launch = Duty officer here. { $news } What do you need?
launch-quiet = All quiet.
launch-running = { $capped ->
    [yes] At least { $count ->
        [one] one job is running.
       *[other] { $count } jobs are running.
      }
   *[no] { $count ->
        [one] One job is running.
       *[other] { $count } jobs are running.
      }
  }
launch-waiting = { $count ->
    [one] One proposal waits for an answer.
   *[other] { $count } proposals wait for an answer.
  }
launch-digest = { $count ->
    [0] There is a new digest, and nothing in it needs you.
    [one] There is a new digest, and one thing in it needs you.
   *[other] There is a new digest, and { $count } things in it need you.
  }
launch-ended = Since your last visit, { $count ->
    [one] one job has ended. { $sentence }
   *[other] { $capped ->
        [yes] at least { $count }
       *[no] { $count }
      } jobs have ended. The last one: { $sentence }
  }
launch-brief = { $about } { $ending ->
    [done] is done.
    [partial] is done only in part.
   *[failed] failed.
  } Say, status, to hear more.
launch-findings = { $more ->
    [yes] New: at least { $count } serious findings.
   *[no] New: { $critical ->
        [0] {""}
       *[other] { $critical } critical { $high ->
            [0] {""}
           *[other] {" "}and
          }
      } { $high ->
        [0] {""}
       *[other] { $high } high
      } { $count ->
        [one] finding.
       *[other] findings.
      }
  }
launch-new = New: { $names } { $count ->
    [one] is under suspicion.
   *[other] are under suspicion.
  }
isolated-names = { $names } { $count ->
    [one] is isolated.
   *[other] are isolated.
  }
suspicious-names = { $names } { $count ->
    [one] is under suspicion.
   *[other] are under suspicion.
  }
on-group = in { $group }
launch-first = Duty officer here. What do you need?
launch-again = You can say, read me the critical findings, or, what can I say.
help = You can say: assess the web servers. Read me the critical findings. Patch the vulnerable instances. Is anything suspicious. Or, isolate, and a name. What do you need?
help-again = For example: is the assessment done?
help-pending = I dropped my question. Ask for the same thing again, or say, status. What do you need?
help-pending-again = You can say, status, or, stop.
help-findings = You can say: the second one, for its detail. The next three. Or, patch them. What do you need?
help-findings-again = Try, the second one, or, the next three.
help-which = { $example } Or say, stop. Which is it?
help-focus = About { $instance } you can say: show me its traffic, isolate it, or, release it. What do you need?
help-focus-again = Try, isolate it, or, who is talking to it.
fallback = Sorry, I didn't get that. You can ask for findings, patches, or anything suspicious. What do you need?
fallback-again = Try, read me the critical findings.
fallback-choices = I still didn't get that. Say one of these: critical findings, patch the servers, anything suspicious, or status. Which is it?
fallback-choices-again = Say, status, or, stop.
fallback-goodbye = I can't make that out, so I stop here. I did nothing.
fallback-pending = Sorry, I did not get that. Shall I go ahead?
fallback-asked = Sorry, I didn't get that.
goodbye = Okay. Stay safe.
cancelled = Okay, I did nothing.
nothing-pending = There is nothing waiting for a yes. What do you need?
nothing-pending-again = You can say, what can I say.
nothing-to-correct = There is nothing yet that you could correct. What do you need?
nothing-to-correct-again = For example, read me the findings on the database servers.
nothing-to-repeat = I haven't said anything yet. What do you need?
nothing-to-repeat-again = You can say, what can I say.
no-more = That was all. What else?
no-more-again = You can say, patch them, or, what can I say.
holding = I'm still asking A W S.
no-list = I have read you no list to go on with. What do you need?
no-list-again = You can say, read me the critical findings.
no-before = There is nothing to go back to. What do you need?
no-before-again = You can say, read me the critical findings.
anything-else = Anything else?
wait-yes = Say yes to go ahead, or no to leave it.
list-two = { $first } and { $second }
list-more = { $list }, and { $count } more
list-more-things = { $list }, and { $count } more
list-or = { $list } or { $last }
list-last = { $list }, and { $last }
just-now = Just now
ago = { $duration } ago
duration-seconds = { $n ->
    [one] one second
   *[other] { $n } seconds
  }
duration-minutes = { $n ->
    [one] one minute
   *[other] { $n } minutes
  }
duration-hours = { $n ->
    [one] one hour
   *[other] { $n } hours
  }
which-group = Which ones? You can name a group, or say, all of them.
which-group-again = For instance: the web servers. Or, all of them.
which-attacked = I have no evidence of an attack yet. Which instance do you mean?
which-attacked-again = Say its name, for instance, batch three.
which-instance = Which instance?
which-instance-again = Say its name, for instance, web two.
which-contained = Which instance, user, role or function?
which-principal = Which user or role?
which-principal-again = Say its name, for instance, the user alice.
which-function = Which function?
which-function-again = Say its name, for instance, order export.
which-severity = Which severity?
which-severity-again = Say critical, high, medium, or low.
which-choice = Which of them? Say its name, or, the first one.
which-choice-again = For example, the first one.
which-finding = Which one? Say, the first one, after I have read the findings.
which-finding-again = For example, the second one.
prove-alexa = Before I do that, I need to know it's you.
prove-pin = To go ahead I need your four digit PIN. What is it?
prove-pin-again = Say the four digits of your PIN, or say cancel.
severity-CRITICAL = critical
severity-HIGH = high
severity-MEDIUM = medium
severity-LOW = low
severity-UNTRIAGED = untriaged
severity-INFORMATIONAL = informational
about-of = { $subject }
about-assess = assessing { $subject }
about-patch = patching { $subject }
about-isolate = isolating { $subject }
about-release = releasing { $subject }
about-lock_principal = locking { $subject }
about-lock_function = locking { $subject }
about-mark_suspicious = marking { $subject } as suspicious
about-block_source = blocking the attacker of { $subject }
about-undo = undoing { $subject }
about-approve = approving { $subject }
about-decline = declining { $subject }
about-triage = reporting findings
about-verify_fix = verifying fixes

ended-broken = { $about } broke off because of a fault of mine, and I don't know how far it got. Look at the run in the log.

## Left out, and why
left-out-already = { $names } { $count ->
    [one] is
   *[other] are
  } that way already.
left-out-isolated = { $names } { $count ->
    [one] is isolated.
   *[other] are isolated.
  }
left-out-suspicious = { $names } { $count ->
    [one] is under suspicion.
   *[other] are under suspicion.
  }
left-out-protected = { $names } { $count ->
    [one] is protected.
   *[other] are protected.
  }
left-out-stopped = { $names } { $count ->
    [one] isn't running.
   *[other] aren't running.
  }
left-out-unmanaged = { $names } { $count ->
    [one] isn't managed by Systems Manager.
   *[other] aren't managed by Systems Manager.
  }
left-out-offline = { $names } { $count ->
    [one] isn't answering.
   *[other] aren't answering.
  }
left-out-busy = { $names } { $count ->
    [one] is being worked on.
   *[other] are being worked on.
  }
left-out-unscanned = { $names } { $count ->
    [one] was never scanned for patches.
   *[other] were never scanned for patches.
  }
left-out-no_fix = For { $names }, Patch Manager has no fix.
left-out-not_agreed = { $names } { $count ->
    [one] has come since this was proposed, so nobody has agreed to it.
   *[other] have come since this was proposed, so nobody has agreed to them.
  }
left-out-intro = I leave out { $count ->
    [one] one:
   *[other] { $count }:
  } { $reasons }

## Warnings
warning-reboot = { $count ->
    [one] It may reboot.
   *[other] They may reboot.
  }
warning-dns = D N S lookups will still get out.
warning-whole_subnet = That counts for { $subnets ->
    [one] its whole subnet.
   *[other] all { $subnets } subnets that use it.
  }
warning-vanished = It no longer exists, so I only take back what I hung on others.
warning-drifted = Somebody changed { $drift_part } meanwhile.
warning-keys = { $keys ->
    [one] An access key works again.
   *[other] { $keys } access keys work again.
  }
warning-last_target = { $last ->
    [one] It is the last healthy one behind a load balancer.
   *[other] It is the last healthy one behind { $last } load balancers.
  }
warning-nat = What it has open through a NAT gateway may go on for a while.
warning-unread = I could not look at { $unread_part }.
warning-shared_role = That cuts them off too.
warning-role_spared = Its role is shared, so I deny it for this function alone.
warning-password = Its console password is replaced for good.
warning-policy_delay = A W S may take five minutes to act on it.
warning-provisioned = Its provisioned concurrency is gone until the release.
warning-running_calls = Calls that are running go on.
warning-sessions = Every older session of its role ends, whoever holds it.
warning-interfaces_gone = { $away ->
    [one] One interface of before is gone and can't come back.
   *[other] { $away } interfaces of before are gone and can't come back.
  }
grew = Since you asked, there are more. 

## Assess
assess-started = Starting the assessment of { $count ->
    [one] one instance{ $group_part }.
   *[other] { $count } instances{ $group_part }.
  } { $left } { $estimate } Ask me whether it's done.
assess-estimate = It can take half an hour.
assess-nothing = There is no running instance to assess. { $left }
assess-done = The assessment took { $duration }. { $count ->
    [one] One instance has
   *[other] { $count } instances have
  } { $critical } critical and { $high } high vulnerabilities{ $checks ->
    [yes] , and { $failed_checks } of { $total_checks } checks failed.
   *[no] .
  }
assess-partial = The assessment ended after { $duration }, but not completely: { $missing }. { $count ->
    [one] One instance has
   *[other] { $count } instances have
  } { $critical } critical and { $high } high vulnerabilities{ $checks ->
    [yes] , and { $failed_checks } of { $total_checks } checks failed.
   *[no] .
  }
assess-failed = The assessment failed. { $reason }
assess-missing-cis = the configuration scan did not complete
assess-missing-rescan = the rescan did not complete
assess-missing-counts = the findings could not be counted
assess-missing-cleanup = the scan configuration could not be removed
assess-missing-tags = the status tags could not be written
assess-missing-ticket = no ticket could be opened
assessment_status-answer = { $state ->
    [none] There has been no assessment this week.
    [running] Not yet. It's been running for { $duration }, on { $instances ->
        [one] one instance.
       *[other] { $instances } instances.
      }
    [done] Yes. { assess-done }
    [partial] Yes, but not completely. { assess-partial }
   *[failed] It failed. { $reason }
  }

## Findings
findings-answer = { $count ->
    [0] No { $severity_word } findings{ $group_part }.
    [one] One { $severity_word } finding{ $group_part }. { $items }
   *[other] { $count } { $severity_word } findings{ $group_part }. { $lead } { $items }
  } { $offer }
findings-lead = The worst{ $exploited ->
    [yes] , all exploited
    [available] , all with known exploits
   *[no] {""}
  }:
findings-lead-on = { $exploited ->
    [yes] All exploited:
    [available] All with known exploits:
   *[no] {""}
  }
findings-items = { $place }: { $exploited ->
    [yes] exploited, { $what }
    [available] known exploit, { $what }
    [told] { $what }
   *[no] { $what }{ $score ->
        [0] {""}
       *[other] {", "}score { $score }
      }
  }, on { $name }{ $others ->
    [0] {""}
   *[other] {" "}and { $others } more
  }.
findings-more = Want more?
findings-more-again = Say yes for more, or name one, like, the second one.
findings-end = Want details?
findings-end-again = Say, the first one, or stop.
finding-port = { $last ->
    [none] port { $first }
   *[other] ports { $first } to { $last }
  }, reachable from outside
finding_detail-answer = { $network ->
    [yes] { $severity_word }: { $what }. No patch closes that, only a security group or network A C L.
   *[no] { $severity_word }{ $score ->
        [0] {""}
       *[other] , score { $score }
      }: { $package } { $installed }. { $fix_part }
  } It hits { $count ->
    [one] one instance: { $names }.
   *[other] { $count } instances: { $names }.
  } { $sites_part }
finding_detail-elsewhere = Some are in { $sites }.
finding-id = It is { $id }.
finding-id-none = That one has no C V E number.
fix-none = There is no fix yet.
fix-version = { $count ->
    [one] Version { $version } fixes it.
   *[other] A newer package fixes it.
  }
fix-patch = Patch Manager can install it.
fix-manual = Patch Manager can't install it: it isn't an operating system package.

## Patch
patch-confirm = { $grew }{ $count ->
    [one] One instance, { $names }, with
   *[other] { $count } instances{ $group_part } with
  } { $missing ->
    [one] one missing patch.
   *[other] { $missing } missing patches.
  } { $warnings } { $left } Shall I patch { $count ->
    [one] it?
   *[other] them?
  }
patch-started = Patching { $count ->
    [one] { $names }.
   *[other] { $count } instances.
  } { $estimate } Ask me for the status.
patch-estimate = It takes some minutes.
patch-nothing = There is nothing that I can patch. { $left }
patch-done = Patching took { $duration }. { $patched_count ->
    [0] None was patched.
    [one] { $patched } is patched.
   *[other] { $patched_count } are patched.
  } { $reboot_part } { $still_part }
patch-partial = Patching ended after { $duration }. { $patched_count ->
    [0] None was patched.
    [one] { $patched } is patched.
   *[other] { $patched_count } are patched.
  } { $failed } { $reboot_part } { $still_part } { $unverified_part }
patch-unfollowed = The patches were sent to { $count ->
    [one] one instance,
   *[other] { $count } instances,
  } but I could not see what became of them. { $reason }
patch-unverified = I could not verify it with a rescan.
patch-failed = Patching failed. { $failed } { $reason }
why-no-answer = it didn't answer
why-not-installed = { $count ->
    [one] one patch did not install
   *[other] { $count } patches did not install
  }
why-in-log = the reason is in the log
patch-failed-item = { $name } failed: { $why }.
patch-still-most = { $count } still have serious findings, { $most } of them { $why ->
    [failed] because a patch failed.
    [no_fix] without a fix.
    [manual] in software that Patch Manager doesn't touch.
    [pending] until the next scan.
   *[unknown] for reasons I haven't looked into.
  }
patch-still-why = { $names } still { $count ->
    [one] has serious findings,
   *[other] have serious findings,
  } { $why ->
    [failed] because a patch failed.
    [no_fix] without a fix.
    [manual] in software that Patch Manager doesn't touch.
    [pending] which should close at the next scan.
   *[unknown] for reasons I haven't looked into.
  }
patch-reboot = { $names } { $count ->
    [one] waits for a reboot.
   *[other] wait for a reboot.
  }

## Suspicion and evidence
suspicious-answer = { $count ->
    [0] Nothing suspicious.
    [one] One: { $items }
   *[other] { $count } are suspicious. { $items }
  } { $isolated_part }
suspicious-items = { $name }{ $known ->
    [yes] {", "}with at least { $rejected } rejected and { $accepted } accepted flows from { $sources ->
        [one] one source
       *[other] { $sources } sources
      }{ $attacker ->
        [yes] , { $attacker_rejected } of the rejected ones from a single address.
       *[no] .
      }
   *[no] . I have no evidence on it yet.
  }
suspicious-items-more = And { $count } more.
traffic-answer = { $ready ->
    [yes] { $instance }: in three days, at least { $rejected } rejected and { $accepted } accepted flows, from { $sources ->
        [one] one source.
       *[other] { $sources } sources.
      } { $top }
   *[no] I'm still reading the flow logs of { $instance }. Ask me again in a moment.
  }
traffic-top = { $outside ->
    [yes] One outside address
   *[no] One inside address
  } had { $rejected } rejected and { $accepted } accepted.
mark_suspicious-confirm = { $grew }Mark { $instance } as suspicious and gather the evidence?
mark_suspicious-started = Marking { $instance } and gathering the evidence.
mark_suspicious-nothing = { $instance } is marked already.
mark_suspicious-done = { $instance } is marked as suspicious: at least { $rejected } rejected and { $accepted } accepted flows, and { $critical ->
    [one] one critical finding.
   *[other] { $critical } critical findings.
  } { $shared ->
    [0] Nobody shares its role.
    [one] One other instance shares its role.
   *[other] { $shared } other instances share its role.
  }
mark_suspicious-partial = { $instance } is marked as suspicious, but I could not read everything: { $missing }.
mark_suspicious-missing-flows = the flow logs
mark_suspicious-missing-findings = the findings
mark_suspicious-missing-shared = who shares its role
mark_suspicious-failed = I could not mark { $instance }. { $reason }

## Isolate and release
isolate-confirm = { $grew }Isolate { $instance }? { isolate-radius } { $warnings }
isolate-radius = It has { $interfaces ->
    [one] one interface
   *[other] { $interfaces } interfaces
  }, and { $shared ->
    [0] no other instance shares its role.
    [one] one other instance shares its role.
   *[other] { $shared } other instances share its role.
  } { $place_part }
isolate-place = It has { $parts }.
isolate-fleet = the Auto Scaling group { $fleet }
isolate-balancers = { $count ->
    [one] a load balancer in front
   *[other] { $count } load balancers in front
  }
isolate-addresses = { $count ->
    [one] an Elastic I P address
   *[other] { $count } Elastic I P addresses
  }
isolate-started = Isolating { $instance }. { $estimate } Ask me for the status.
isolate-estimate = It takes about a minute and a half.
usually = It usually takes about { $duration }.
isolate-nothing = { $instance } is isolated already.
isolate-done = { $instance } is isolated: { $interfaces ->
    [one] its interface was
    [2] both interfaces were
   *[other] all { $interfaces } interfaces were
  } read back without any access. { $snapshot_part }
isolate-snapshots = { $count ->
    [one] A snapshot was started.
   *[other] { $count } snapshots were started.
  }
isolate-partial = Careful with { $instance }. { $trouble }
isolate-wide-open = { $count ->
    [one] One interface is open to everything, and I could not close it.
   *[other] { $count } interfaces are open to everything, and I could not close them.
  } Act now.
isolate-not-read = I moved its interfaces, but A W S did not let me read them back.
isolate-some = Only { $closed } of { $interfaces } interfaces are closed.
isolate-also = I could not finish { $rest } either.
isolate-unfinished = It is isolated and was read back, but I could not finish { $rest }.
isolate-untagged = It is isolated and was read back, but its status tag could not be written.
isolate-failed = { $instance } is not isolated. { $reason } { $trouble }
release-confirm = { $grew }Release { $instance }? { $kind ->
    [instance] { $interfaces ->
        [one] Its interface gets
       *[other] Its { $interfaces } interfaces get
      } back exactly the security groups of before.
   *[other] It gets back exactly what it had before.
  } { $warnings }
release-started = Releasing { $instance }.
release-nothing = { $instance } is not isolated.
release-done = { $kind ->
    [instance] { $instance } is back on the network: { $interfaces ->
        [one] its interface was
       *[other] its { $interfaces } interfaces were
      } read back as recorded.
   *[other] { $instance } is released: everything was read back as recorded.
  }
release-partial = Careful with { $instance }. { $trouble }
release-not-read = I put back what I could, but A W S did not let me read it back.
release-some = I could not put back { $left_part }. Release it again to try the rest.
release-lost-groups = { $count ->
    [one] One of its security groups no longer exists.
   *[other] { $count } of its security groups no longer exist.
  }
release-untagged = It is back as recorded, but its status tag could not be removed.
release-new = { $count ->
    [one] One interface that was attached meanwhile is as it was.
   *[other] { $count } interfaces that were attached meanwhile are as they were.
  }
release-vanished = { $instance } no longer exists. What I had hung on others is taken back.
release-lost = { $lost_part } could not be given back: gone, or in use by somebody else.
release-failed = { $instance } was not released. { $reason } { $trouble }

## What a containment is made of
measure-role = its role
measure-sessions = its older sessions
measure-protection = its protection from termination
measure-autoscaling = its Auto Scaling group
measure-balancers = its load balancers
measure-addresses = its Elastic I P addresses
measure-tracking = its connection tracking
measure-network = its security groups
measure-metadata = its metadata service
measure-snapshots = its snapshots
measure-console = its console
measure-deny = the deny policy
measure-keys = its access keys
measure-password = its console password
measure-concurrency = its concurrency
measure-mappings = its event sources
measure-execution = its execution role
verify-answer = { $count ->
    [0] Nothing is contained.
    [one] { $items }{ $since_part }
   *[other] { $held ->
        [0] None of { $count } was
       *[other] { $held } of { $count } were
      } read back as contained. { $items }
  }
verify-since = { $door ->
    [voice] { $when }, a responder asked for the containment by voice.
    [tag] { $when }, a tag asked for the containment.
    [sns] { $when }, the lockdown topic asked for the containment.
    [finding] { $when }, a finding asked for the containment.
   *[unknown] { $when }, the containment was asked for.
  }
verify-items = { $name } { $state ->
    [held] is still contained: everything was read again.
    [drifted] is no longer contained: somebody changed { $drift_part }.
    [unread] could not be read, so I don't know.
    [unfinished] was never contained to the end. Contain it again, or release it.
    [underway] is being worked on right now. Ask me for the status.
    [partly] is contained as it was left, and that was not complete.
    [gone] no longer exists. Somebody deleted it while it was contained.
   *[free] is not contained.
  }
lock_principal-confirm = { $grew }Lock the { $kind ->
    [user] user
   *[role] role
  } { $principal }? { lock_principal-radius } { $warnings }
lock_principal-radius = { $kind ->
    [user] { $keys ->
        [0] It has no active access key.
        [one] It has one active access key.
       *[other] It has { $keys } active access keys.
      }
   *[role] { $use_part }
  }
lock_principal-started = Locking { $principal }. Ask me for the status.
lock_principal-nothing = { $principal } is locked already.
lock_principal-done = { $principal } is locked: everything is denied to it{ $kind ->
    [user] {" "}and no access key is active.
   *[role] .
  } It was read back. A W S may take five minutes to act on it.
lock_principal-partial = Careful with { $principal }. { $trouble }
lock_principal-failed = { $principal } is not locked. { $reason } { $trouble }
lock-use = { $instances ->
    [0] { $functions ->
        [0] Nothing that I see runs with it.
        [one] One function runs with it{ $names_part }.
       *[other] { $functions } { $more } functions run with it{ $names_part }.
      }
    [one] One instance { $functions ->
        [0] runs with it.
        [one] and one function{ $names_part } run with it.
       *[other] and { $functions } { $more } functions{ $names_part } run with it.
      }
   *[other] { $instances } instances { $functions ->
        [0] run with it.
        [one] and one function{ $names_part } run with it.
       *[other] and { $functions } { $more } functions{ $names_part } run with it.
      }
  }
lock-names = , { $names }
lock-more = or more
lock-unfinished = It is locked and was read back, but I could not finish { $rest }.
lock-some = I could not finish { $rest }.
lock-not-read = I did what I could, but A W S did not let me read it back.
lock_function-confirm = { $grew }Lock the function { $function }? { lock_function-radius } { $warnings }
lock_function-radius = { $mappings ->
    [0] Nothing feeds it.
    [one] One event source feeds it.
   *[other] { $mappings } event sources feed it.
  }
lock_function-started = Locking { $function }. Ask me for the status.
lock_function-nothing = { $function } is locked already.
lock_function-done = { $function } is locked: no new call starts, its event sources are off and its role is denied. It was read back.
lock_function-partial = Careful with { $function }. { $trouble }
lock_function-failed = { $function } is not locked. { $reason } { $trouble }
block_source-confirm = { $grew }Block the address with { $rejected } rejected flows to { $instance }, in { $acls ->
    [one] one network A C L?
   *[other] { $acls } network A C Ls?
  } { $warnings }
block_source-started = Blocking it.
block_source-nothing = That address is blocked already.
block_source-done = The address is denied in { $acls ->
    [one] one network A C L
   *[other] { $acls } network A C Ls
  }, in front of { $instance }.
block_source-partial = The address is denied in { $acls } network A C Ls{ $unread ->
    [0] , not in all.
   *[other] , and { $unread } more that I could not read back.
  }
block_source-failed = I could not block it. { $reason }

## Status and undo
status-answer = { $running_count ->
    [0] { $ended_count ->
        [0] { $waiting_count ->
            [0] Nothing has happened in the last day.
           *[other] Nothing is running.
          }
       *[other] { $capped ->
            [yes] Of the last { $looked } jobs none is running. { $ended }
           *[no] Nothing is running. { $ended }
          }
      }
    [one] { $running }
   *[other] { $capped ->
        [yes] At least { $running_count }
       *[no] { $running_count }
      } jobs are running. { $running }
  } { $lost } { $waiting } { $isolated_part }
status-running = { $about } { $fresh ->
    [yes] has just started.
   *[no] has been running for { $duration }{ $of ->
        [0] .
       *[other] , with { $done } of { $of } steps done.
      }
  }
status-ended = { $when }: { $sentence }
status-lost = { $about } was asked for { $when } and never began.
status-pending = { $count ->
    [one] One proposal waits for an answer:
   *[other] { $count } proposals wait for an answer. The newest:
  } { $about }, for { $duration }.
undo-confirm = { $grew }The last change was { $about }. Undo it?
undo-started = Undoing it. Ask me for the status.
undo-nothing = There is nothing to undo.
undo-done = Undone: { $about }. It was read back as it was before.
undo-partial = Only partly undone: { $about }.
undo-failed = I could not undo it. { $reason }

## Proposals: the question is the one of the action that was proposed
approve-confirm = { $grew }{ $fresh ->
    [yes] A new proposal:
   *[no] A proposal from { $when }:
  } { $question }
approve-started = I'm passing on your yes to { $about }. Ask me for the status.
approve-nothing = There is nothing left to do about { $about }.
approve-done = Approved: { $about }.
approve-partial = Approved only in part: { $about }.
approve-failed = The approval of { $about } came to nothing. { $reason }
decline-confirm = { $grew }Decline { $about }, proposed { $fresh ->
    [yes] just now
   *[no] { $when }
  }?
decline-started = I'm passing on your no to { $about }.
decline-nothing = There is nothing to decline.
decline-done = Declined: { $about }.
decline-partial = Declined only in part: { $about }.
decline-failed = { $about } could not be declined. { $reason }
proposal-declined = { $about } was declined. Nothing was changed.
proposal-expired = Nobody answered about { $about } in time. Nothing was changed.

## What went wrong
error-error = Something went wrong on my side. It is in the log.
error-badrequest = I can't do that the way you said it.
error-unknown-action = I can't do that yet.
error-nomatch = { $nearest_count ->
    [0] I don't know anything called { $heard }.
   *[other] I don't know { $heard }. Do you mean { $nearest }?
  }
error-uncontained = { $nearest_count ->
    [0] Nothing that I contained is called { $heard }.
   *[other] Nothing that I contained is called { $heard }. Do you mean { $nearest }?
  }
error-noseverity = I don't know { $heard }. Is it critical, high, medium or low?
error-ambiguous = There are several: { $matches }. Which one?
error-expired = { $reason ->
    [late] That took too long, so I dropped it. Ask me again.
    [other_person] Only the person who asked can say yes to that.
   *[other] There is nothing waiting for that any more. Ask me again.
  } I did nothing.
error-denied = A W S doesn't let me { $operation }. I did nothing.
error-gone = That no longer exists.
error-conflict = A W S refused: { $code }.
error-throttled = A W S is limiting our calls right now. Try again in a moment.
error-transient = A W S is not answering right now. Try again in a moment.
error-unavailable = A W S is not answering in time. I started nothing.
error-unsure = I asked for it, but A W S has not confirmed. Ask me for the status in a moment.
error-refused = { $reason ->
    [unlisted] I don't take orders from this voice or account. Ask your team lead to list you: the read me says how.
    [viewer] I can tell you things, but I only change things for a listed responder whose voice I recognize.
    [protected] { $names } is protected. I don't touch it.
    [too_many] That is { $count } at once, and my limit is { $cap }. Name a smaller group.
    [hourly] That would be more than my limit of { $cap } an hour.
    [no_record] I have no record of isolating { $instance }, so I can't put it back.
    [no_attacker] I have no address to block for { $instance }.
    [unsupported_resource] I can contain instances, users, roles and functions, but not this: { $resource }.
    [unsupported_principal] I can lock users and roles, but not this: { $resource }.
    [only_at_home] I assess instances of my own account and Region only.
    [foreign_account] That account is not one of ours to contain.
    [service_linked] { $name } belongs to A W S. Nobody can lock it.
    [own_address] That address is one of ours. I don't block it.
    [busy] { $action_word } is still going on. Ask me again when it has ended.
    [no_such_finding] My list ends at number { $count }.
    [no_such_place] There are only { $count } of them.
    [nothing_to_undo] There is no change that I can undo.
    [still_running] { $action_word } is still running. Undo it when it has ended.
    [irreversible] { $action_word } can't be undone.
    [pin_wrong] That PIN is wrong. { $left ->
        [one] One try is left.
       *[other] { $left } tries are left.
      }
    [pin_locked] Too many wrong PINs. I'm locked for fifteen minutes, and I did nothing.
    [no_proposal] No proposal is waiting for an answer.
    [no_such_proposal] No such proposal is waiting. { $count ->
        [one] One other is:
       *[other] { $count } others are. The newest:
      } { $action_word }.
    [answered] { $verdict ->
        [approved] That was approved already.
        [declined] That was declined already.
       *[other] That is too late, the proposal has ended.
      } I did nothing.
    [own_request] You asked for that yourself, so somebody else has to approve it.
    [unknown_approver] I don't know that you are somebody else than who asked for it. An approver's identity must be listed.
    [grew] It would touch more by now than what was approved: { $names }. Nothing was changed.
    [nothing_to_do] There is nothing left to do.
    [not_proved] I could not confirm that it's you. I did nothing.
    [no_pin_set_up] There is no voice PIN on your Alexa profile, so I can't do that. I did nothing.
   *[other] I am not allowed to do that.
  }

## Findings
triage-started = Reporting new findings.
triage-nothing = There are no new findings to report.
triage-done = { $count ->
    [0] No new finding had to be reported.
    [one] One new finding was reported.
   *[other] { $count } new findings were reported.
  }
triage-partial = { $count ->
    [one] One new finding was reported, and may be reported again.
   *[other] { $count } new findings were reported, and may be reported again.
  }
triage-failed = The new findings could not be reported. { $reason } They wait for the next report.
triage-title = { $count ->
    [0] Findings that could not be checked
    [one] One new finding
   *[other] { $count } new findings
  }
triage-total = { $count ->
    [one] One new finding
   *[other] { $count } new findings
  } on { $resources ->
    [one] one resource
   *[other] { $resources } resources
  }: { $numbers }.
triage-number-CRITICAL = { $count } critical
triage-number-HIGH = { $count } high
triage-number-MEDIUM = { $count } medium
triage-number-LOW = { $count } low
triage-number-OTHER = { $count } not rated
triage-severity-CRITICAL = critical
triage-severity-HIGH = high
triage-severity-MEDIUM = medium
triage-severity-LOW = low
triage-severity-UNTRIAGED = not rated
triage-severity-INFORMATIONAL = informational
triage-more = There are more; they follow with the next report.
triage-what = *{ $title }* ({ $marks })
triage-score = CVSS { $score }
triage-epss = EPSS { $percent }%
triage-kev = known to be exploited (KEV)
triage-exploit = exploit available
triage-fix-package = Fix: { $packages }. Patch Manager installs it: say "patch all of them".
triage-fix-manual = Fix: { $packages }. Patch Manager never installs it ({ $managers }): update it by hand.
triage-fix-unsaid = Fix: { $packages }. Inspector doesn't say how it was installed. Patch Manager installs it only if the operating system's package manager did.
triage-fix-elsewhere = Fix: { $packages }. Toban patches instances only: build and deploy it anew.
triage-fix-no_fix = No fix exists yet.
triage-fix-network = Reachable from the internet: { $port }. No patch closes a port.
triage-fix-code = It is in the code itself ({ $files }): no patch mends that.
triage-fix-partial = Only some of its packages have a fix yet.
triage-fix-unnamed = there is one, Inspector does not name it
triage-playbook = Playbook: { $page }
triage-on = On { $names }.
triage-on-kind = On { $kind } { $names }, which is not an instance.
triage-elsewhere = In { $places }.
triage-kind-AWS_EC2_INSTANCE = instance
triage-kind-AWS_ECR_CONTAINER_IMAGE = container image
triage-kind-AWS_ECR_REPOSITORY = container repository
triage-kind-AWS_LAMBDA_FUNCTION = Lambda function
triage-kind-CODE_REPOSITORY = code repository
triage-kind-MACHINE_IMAGE = machine image
triage-others = { $count ->
    [one] And one more finding that is less grave.
   *[other] And { $count } more findings that are less grave.
  } Ask duty officer: "read the findings".
triage-unsure = { $count ->
    [one] One finding below the threshold
   *[other] { $count } findings below the threshold
  } could not be looked up in the list of known exploited vulnerabilities.
triage-unread = Whether these are known to be exploited could not be read.
verify_fix-started = Verifying what was fixed.
verify_fix-nothing = No finding has closed.
verify_fix-done = { $count ->
    [0] No finding has closed.
   *[other] { $fixed ->
        [0] None
       *[other] { $fixed }
      } of { $count } closed { $count ->
        [one] finding
       *[other] findings
      } verified as fixed.
  }
verify_fix-partial = { verify_fix-done } They may be told again.
verify_fix-failed = The closed findings could not be verified. { $reason } They wait for the next report.
verify_fix-title-fixed = { $count ->
    [one] One finding is verified fixed
   *[other] { $count } findings are verified fixed
  }
verify_fix-title-gone = { $count ->
    [one] One finding is gone with its instance
   *[other] { $count } findings are gone with their instances
  }
verify_fix-title-suppressed = { $count ->
    [one] One finding was suppressed
   *[other] { $count } findings were suppressed
  }
verify_fix-title-unverified = { $count ->
    [one] One finding closed and could not be verified
   *[other] { $count } findings closed and could not be verified
  }
verify_fix-fixed = { $count ->
    [one] One finding is verified fixed.
   *[other] { $count } findings are verified fixed.
  }
verify_fix-gone = { $count ->
    [one] One is gone with its instance.
   *[other] { $count } are gone with their instances.
  }
verify_fix-suppressed = { $count ->
    [one] One was suppressed.
   *[other] { $count } were suppressed.
  }
verify_fix-unverified = { $count ->
    [one] One closed, but could not be verified.
   *[other] { $count } closed, but could not be verified.
  }
verify_fix-line-fixed = *{ $title }* is verified fixed.
verify_fix-line-gone = *{ $title }* is gone with its instance: the instance no longer exists, nobody fixed it.
verify_fix-line-suppressed = *{ $title }* was suppressed in Inspector. It is not fixed.
verify_fix-line-unverified = *{ $title }* is closed, but could not be verified.
verify_fix-found = Found { $at }.
verify_fix-took = Time taken: { $duration }.
verify_fix-by-voice = Fixed by a responder by voice, { $at }.
verify_fix-by-tag = Fixed by { $who }, { $at }.
verify_fix-by-slack = Fixed by { $who } in Slack, { $at }.
verify_fix-by-nobody = Fixed by nobody that Toban knows of: no patch run of its own had this instance.
verify_fix-by-others = Who fixed it is not known: Toban patches packages of instances only.
verify_fix-proof-patch = Inspector lists it as active no more, and Patch Manager has no patch for it left to install.
verify_fix-proof-inspector = Inspector lists it as active no more. Patch Manager has nothing to say about it.
verify_fix-why-unseen = Home does not see that account's findings: make it Inspector's delegated administrator.
verify_fix-why-active = Inspector lists it as active again.
verify_fix-why-missing = Patch Manager still lists its patch as missing or failed. Scan again, or look at the instance.
verify_fix-why-reboot = Its patch waits for a restart.
verify_fix-why-unscanned = Patch Manager has never scanned the instance.
verify_fix-why-refused = A W S did not let it be read ({ $operation }).
verify_fix-why-unread = It could not be read. { $reason }
verify_fix-others = { $count ->
    [one] And one more.
   *[other] And { $count } more.
  }
duration-days = { $n } days
digest-answer = { $new } new findings and { $fixed } fixed in a day. { $overdue_count } are overdue.
last_digest-answer = { $there ->
    [0] There is no digest yet. I make one a day.
   *[other] { $fresh ->
        [yes] A new digest:
       *[no] The digest from { $when }:
      } { $total ->
        [0] nothing needs you.
        [one] one thing needs you.
       *[other] { $total } things need you.
      }{ $drift ->
        [0] {""}
        [one] {" "}One containment is not as it was left.
       *[other] {" "}{ $drift } containments are not as they were left.
      }{ $overdue ->
        [0] {""}
        [one] {" "}One finding is overdue.
       *[other] {" "}{ $overdue } findings are overdue.
      }{ $waiting ->
        [0] {""}
        [one] {" "}One proposal was waiting.
       *[other] {" "}{ $waiting } proposals were waiting.
      }{ $unpatched ->
        [0] {""}
        [one] {" "}One instance is unpatched.
       *[other] {" "}{ $unpatched } instances are unpatched.
      } { $new } new, { $fixed } fixed.{ $unread ->
        [0] {""}
       *[other] {" "}It is incomplete.
      }
  }
digest-title = Toban: the day's digest
digest-moved = In the last 24 hours: { $new } new, { $fixed } fixed, { $ended } closed without proof of a fix{ $waiting ->
    [0] .
   *[other] , { $waiting } still to be reported.
  }
digest-active = Open on instances: { $critical } critical, { $high } high, { $medium } medium.
digest-none-overdue = Nothing is overdue.
digest-overdue-CRITICAL = { digest-at-least } critical, open for more than { $days } days: { $names }.
digest-overdue-HIGH = { digest-at-least } high, open for more than { $days } days: { $names }.
digest-overdue-MEDIUM = { digest-at-least } medium, open for more than { $days } days: { $names }.
digest-overdue-LOW = { digest-at-least } low, open for more than { $days } days: { $names }.
digest-at-least = Overdue: { $more ->
    [yes] at least { $count }
   *[no] { $count }
  }
digest-unpatched = { $count ->
    [0] No instance is unpatched for more than { $days } days.
    [one] One instance misses patches and had none for more than { $days } days: { $names }.
   *[other] { $count } instances miss patches and had none for more than { $days } days: { $names }.
  }
digest-unscanned = { $count ->
    [one] One running instance was never scanned for patches.
   *[other] { $count } running instances were never scanned for patches.
  }
digest-contained = { $count ->
    [0] Nothing is contained.
    [one] One thing is contained.
   *[other] { $count } things are contained.
  }
digest-drift = { $count ->
    [one] One of them is not as it was left: { $names }.
   *[other] { $count } of them are not as they were left: { $names }.
  }
digest-pending = { $count ->
    [one] One proposal waits for an answer: { $names }.
   *[other] { $count } proposals wait for an answer: { $names }.
  }
digest-unread = Could not be read: { $parts }. This digest is incomplete.
digest-partial = Too much to read whole: { $parts }. There may be more.
digest-part-cases = what is new and fixed
digest-part-active = what is open
digest-part-overdue = what is overdue
digest-part-patches = patches
digest-part-runs = proposals
digest-part-contained = containments
playbook-kev = Known exploited vulnerability
playbook-package = Vulnerability with a fix
playbook-manual = Vulnerability that is fixed by hand
playbook-no_fix = Vulnerability without a fix
playbook-network = Port that is open to the internet
playbook-elsewhere = Finding that is not on an instance
playbook-guardduty-instance = GuardDuty: an instance
playbook-guardduty-credentials = GuardDuty: credentials
playbook-drift = Containment that changed
playbook-dead-letters = Events that were given up

## Slack
slack-started = started
slack-done = done
slack-partial = only partly done
slack-failed = failed
slack-unhandled = Toban: a finding that I can't act on
unhandled-body = { $title } (severity { $severity }). { $reason }
slack-proposed = waits for an answer
slack-declined = declined
slack-expired = expired
slack-approve = Approve
slack-decline = Decline
slack-sure = Are you sure?
slack-back = Cancel
slack-sure-text = { $about }. It is carried out at once.
slack-pressed-approve = { $who } pressed Approve. What comes of it follows as a message of its own.
slack-pressed-decline = { $who } pressed Decline. What comes of it follows as a message of its own.
slack-unrecorded = I could not record this, so nothing was done. Press again in a moment.
slack-nothing = There is nothing left to do about it.
slack-until = An answer within { $duration } counts; without one nothing is done. Your voice can answer as well: approve the pending proposal.
slack-approved-by = approved by { $who }
slack-declined-by = declined by { $who }
slack-approved-voice = approved by voice
slack-declined-voice = declined by voice
slack-drift = Toban: containment changed
slack-title = Toban: { $action_word } { $moment }
slack-who = by { $who }
slack-voice = by voice
slack-run = Run { $run }
slack-plan = { $count ->
    [one] { $names }.
   *[other] { $count } targets: { $names }.
  }
slack-source = { $address }: { $rejected } REJECT, { $accepted } ACCEPT, ports { $ports }
why-title = Finding
why-severity = Severity
why-evidence = Evidence
why-finding = Id of the finding
why-resource = The finding is about
why-source = Source
why-reason = Reason
why-tag = Tag
why-by = Set by
why-from = From
why-type = Type
why-count = Times seen
why-last = Last seen
slack-more = Toban: { $count } more messages
slack-wrong = Toban: { $count } more to look at
slack-lost = Toban: { $count ->
    [one] one message was not sent to { $channel }
   *[other] { $count } messages were not sent to { $channel }
  }
slack-others = and { $count } more
slack-kept = They came faster than they can be read. Every one is in the ledger under `{ $where }` for 30 days, and each run has its own record.

## Screens and cards: for the eye
screen-status = Overview
screen-status-hint = Tap an instance, or say, is everything still contained.
screen-findings = { $severity_word } findings{ $group_part }
screen-findings-from = { $count } in all, from number { $from }
screen-findings-hint = Say, the second one, or, more. A tap works too.
screen-finding = { $place }. { $cve } { $what }
screen-finding-about = { $severity_word }{ $score ->
    [0] {""}
   *[other] {", "}score { $score }
  }{ $exploited ->
    [yes] , exploited in the wild
    [available] , with a known exploit
   *[no] {""}
  }
screen-finding-where = { $name }{ $others ->
    [0] {""}
   *[other] {" "}and { $others } more
  }
screen-finding-hint = Say, patch them.
screen-package = { $package } { $installed }
screen-hits = { $count ->
    [one] It hits one instance
   *[other] It hits { $count } instances
  }
screen-plan = Nothing is done yet
screen-plan-hint = Say yes to go ahead, or no to leave it. A tap does not count as a yes.
screen-changes = Would change: { $list }
screen-change-scan = a scan
screen-change-patches = missing patches
screen-change-TobanStatus = the status tag
screen-change-deny = a deny rule in a network ACL
screen-change-groups = security groups
screen-change-state = event sources
screen-change-concurrency = reserved concurrency
screen-change-policies = a deny policy
screen-change-status = access keys
screen-change-password = the console password
screen-step = { $state ->
    [held] read back as contained
    [drifted] somebody changed it
    [unread] could not be read
    [open] not done
    [ran] has run, not read back yet
    [now] under way
   *[wait] still to come
  }
screen-isolated = isolated
screen-suspicious = under suspicion
screen-instance-hint = Say, show me its traffic, isolate it, or, release it.
screen-verify = What is contained
screen-verify-held = { $held } of { $count } read back as contained
screen-suspects = Suspicious instances
screen-more = and { $count } more
touch-pending = A tap is not a yes: I need to hear it. Shall I go ahead?
touch-pending-prove = A tap is not enough.
touch-unknown = I can't act on a tap there. What do you need?
touch-unknown-again = You can say, what can I say.

## Alarms
alarm-raised = Toban: alarm
alarm-over = Toban: alarm is over
alarm-about = { $name }: { $about }
alarm-queue = { $count ->
    [one] One dead letter waits in { $queue }:
   *[other] { $count } dead letters wait in { $queue }:
  }
alarm-letter = • { $what }: { $why } ({ $id })
alarm-no-reason = no reason was given
alarm-unread = I could not look into { $queue }.
alarm-redrive = `make redrive STACK=<stack>` sends them again; see the playbook for dead letters first.

## Other accounts and Regions
site-before = In { $site }:
site-about = { $about } in { $site }
site-name = { $name } in { $site }
site-both = { $account }, { $region }
site-region = the Region { $region }
site-named = the account { $name } { $id }
site-account = the account { $id }
site-ending = the account ending in { $digits }
site-id = ({ $id })
