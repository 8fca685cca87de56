package dev.interject.experiment.setting;

import java.util.ArrayList;
import java.util.List;

import dev.interject.kvm.state.GsiRoute;
import dev.interject.machine.FrozenVcpu;

/** What can be set of the GSI routing table. */
final class RouteSettings {

    private static final SettingName.Index GSI = new SettingName.Index("GSI", GsiRoute.LARGEST_GSI, 1, true);

    private RouteSettings() {}

    static List<SettingKind<?>> all() {
        return List.of(SettingKind.of(SettingName.indexed("route", GSI, ""), new RoutesForm(),
                "where a GSI leads, instead of where it led; with irqchip split, to messages only",
                "api.rst, \"KVM_SET_GSI_ROUTING\"", new OfGsi()).withLapicOnly().ofMachine());
    }

    private static final class OfGsi implements Access<List<RoutesForm.Target>> {

        @Override
        public List<RoutesForm.Target> read(FrozenVcpu vcpu, long gsi) {
            return vcpu.routes()
                    .stream()
                    .filter(route -> route.gsi() == gsi)
                    .map(RoutesForm.Target::of)
                    .toList();
        }

        @Override
        public void write(FrozenVcpu vcpu, long gsi, List<RoutesForm.Target> targets) {
            List<GsiRoute> table = new ArrayList<>(vcpu.routes());
            table.removeIf(route -> route.gsi() == gsi);
            targets.forEach(target -> table.add(target.from((int) gsi)));
            vcpu.routes(table);
        }
    }
}
