# What Toban says in English. One sentence is one row; facts come from plans and results.
# Message names: <action>-<moment>; <action>-<fact> renders one item of a list fact.

## Frame
launch = Duty officer here. { $news } What do you need?
launch-quiet = All quiet.
launch-running = { $count ->
    [one] One job is running.
   *[other] { $count } jobs are running.
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
help = You can say: run an assessment on the web servers. Read me the critical findings. Patch the vulnerable instances. Anything suspicious? Or, isolate, and a name. What do you need?
help-again = For example: is the assessment done?
fallback = Sorry, I didn't get that. You can ask for findings, patches, or anything suspicious. What do you need?
fallback-again = Try, read me the critical findings.
fallback-pending = Sorry, I did not get that. Shall I go ahead?
goodbye = Okay. Stay safe.
cancelled = Okay, I did nothing.
nothing-pending = There is nothing waiting for a yes. What do you need?
nothing-pending-again = You can say, what can I say.
nothing-to-repeat = I haven't said anything yet. What do you need?
nothing-to-repeat-again = You can say, what can I say.
no-more = That was all. What else?
no-more-again = You can say, patch them, or, what can I say.
anything-else = Anything else?
wait-yes = Say yes to go ahead, or no to leave it.
list-two = { $first } and { $second }
list-more = { $list }, and { $count } more
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
which-one = Which one do you mean?
which-attacked = I have no evidence of an attack yet. Which instance do you mean?
which-attacked-again = Say its name, for instance, batch three.
which-instance = Which instance?
which-instance-again = Say its name, for instance, web two.
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
about-assess = assessing { $subject }
about-patch = patching { $subject }
about-isolate = isolating { $subject }
about-release = releasing { $subject }
about-mark_suspicious = marking { $subject } as suspicious
about-block_source = blocking the attacker of { $subject }
about-undo = undoing { $subject }

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
warning-drifted = Somebody changed its groups meanwhile.
warning-interfaces_gone = { $away ->
    [one] One interface of before is gone and can't come back.
   *[other] { $away } interfaces of before are gone and can't come back.
  }
grew = Since you asked, there are more. 

## Assess
assess-started = Starting the assessment of { $count ->
    [one] one instance{ $group_part }.
   *[other] { $count } instances{ $group_part }.
  } { $left } It can take half an hour. Ask me whether it's done.
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
findings-lead = { $shown ->
    [one] The worst:
   *[other] The worst { $shown }:
  }
findings-lead-next = Next:
findings-items = { $place }: { $exploited ->
    [yes] exploited in the wild,
    [available] with a known exploit,
   *[no] {""}
  } { $what }{ $score ->
    [0] {""}
   *[other] {", "}score { $score }
  }, on { $name }{ $others ->
    [0] {""}
   *[other] {" "}and { $others } more
  }.
findings-more = Want more?
findings-more-again = Say yes for more, or name one, like, the second one.
findings-end = Want the detail of one? Say, the first one.
findings-end-again = Say, the first one, or stop.
finding_detail-answer = { $severity_word }, score { $score }: { $package } { $installed }. { $fix_part } It hits { $count ->
    [one] one instance: { $names }.
   *[other] { $count } instances: { $names }.
  }
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
   *[other] { $count } instances with
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
  } Ask me for the status in a few minutes.
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
patch-failed-item = { $name } failed: { $why }.
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
isolate-confirm = { $grew }Isolate { $instance }? It has { $interfaces ->
    [one] one interface
   *[other] { $interfaces } interfaces
  }, and { $shared ->
    [0] no other instance shares its role.
    [one] one other instance shares its role.
   *[other] { $shared } other instances share its role.
  } { $warnings }
isolate-started = Isolating { $instance }. It takes about a minute and a half. Ask me for the status.
isolate-nothing = { $instance } is isolated already.
isolate-done = { $instance } is isolated: { $interfaces ->
    [one] its interface was
    [2] both interfaces were
   *[other] all { $interfaces } interfaces were
  } read back without any access.
isolate-partial = Careful with { $instance }. { $trouble }
isolate-wide-open = { $count ->
    [one] One interface is open to everything, and I could not close it.
   *[other] { $count } interfaces are open to everything, and I could not close them.
  } Act now.
isolate-not-read = I moved its interfaces, but A W S did not let me read them back.
isolate-some = Only { $closed } of { $interfaces } interfaces are closed.
isolate-untagged = It is isolated and was read back, but its status tag could not be written.
isolate-failed = { $instance } is not isolated. { $reason } { $trouble }
release-confirm = { $grew }Release { $instance }? { $interfaces ->
    [one] Its interface gets
   *[other] Its { $interfaces } interfaces get
  } back exactly the security groups of before. { $warnings }
release-started = Releasing { $instance }.
release-nothing = { $instance } is not isolated.
release-done = { $instance } is back on the network: { $interfaces ->
    [one] its interface was
   *[other] its { $interfaces } interfaces were
  } read back as recorded.
release-partial = Careful with { $instance }. { $trouble }
release-not-read = I gave its interfaces their groups back, but A W S did not let me read them back.
release-some = { $restored } of its interfaces were restored, { $left } were not.
release-lost-groups = { $count ->
    [one] One of its security groups no longer exists.
   *[other] { $count } of its security groups no longer exist.
  }
release-untagged = It is back on the network as recorded, but its status tag could not be removed.
release-new = { $count ->
    [one] One interface that was attached meanwhile is as it was.
   *[other] { $count } interfaces that were attached meanwhile are as they were.
  }
release-failed = { $instance } was not released. { $reason } { $trouble }
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
        [0] Nothing has happened in the last day.
       *[other] Nothing is running. { $ended }
      }
    [one] { $running }
   *[other] { $running_count } jobs are running. { $running }
  } { $lost } { $isolated_part }
status-running = { $about } { $fresh ->
    [yes] has just started.
   *[no] has been running for { $duration }.
  }
status-ended = { $when }: { $sentence }
status-lost = { $about } was asked for { $when } and never began.
undo-confirm = { $grew }The last change was { $about }. Undo it?
undo-started = Undoing it. Ask me for the status.
undo-nothing = There is nothing to undo.
undo-done = Undone: { $about }. It was read back as it was before.
undo-partial = Only partly undone: { $about }.
undo-failed = I could not undo it. { $reason }

## What went wrong
error-error = Something went wrong on my side. It is in the log.
error-badrequest = I can't do that the way you said it.
error-unknown-action = I can't do that yet.
error-nomatch = { $nearest_count ->
    [0] I don't know anything called { $heard }.
   *[other] I don't know { $heard }. Do you mean { $nearest }?
  }
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
    [own_address] That address is one of ours. I don't block it.
    [busy] { $action_word } is still going on. Ask me again when it has ended.
    [no_such_finding] I have read only { $count } of them.
    [nothing_to_undo] There is no change that I can undo.
    [still_running] { $action_word } is still running. Undo it when it has ended.
    [irreversible] { $action_word } can't be undone.
    [pin_wrong] That PIN is wrong.
    [pin_locked] Too many wrong PINs. I'm locked for fifteen minutes, and I did nothing.
    [not_proved] I could not confirm that it's you. I did nothing.
    [no_pin_set_up] There is no voice PIN on your Alexa profile, so I can't do that. I did nothing.
   *[other] I am not allowed to do that.
  }

## Slack
slack-started = started
slack-done = done
slack-partial = only partly done
slack-failed = failed
slack-title = Toban: { $action_word } { $moment }
slack-who = by { $who }
slack-voice = by voice
slack-run = Run { $run }
slack-plan = { $count ->
    [one] { $names }
   *[other] { $count } targets: { $names }
  }
