import '../../lib/ui/kit.css'
import '../../lib/ui/forms.css'
import '../../lib/ui/options.css'
import '../../lib/ui/channelCards.css'
import '../../lib/ui/wizard.css'
import '../../lib/ui/security.css'
import '../../lib/ui/doctor.css'
import '../../lib/diagnostics/ui/diagnostics.css'
import '../../lib/channels/ui/pasteBox.css'
import '../../lib/channels/ui/channelsPage.css'
import '../../lib/relay/ui/connectionPage.css'
import '../../lib/relay/ui/safety.css'
import '../../lib/profiles/ui/identity.css'
import '../../lib/profiles/ui/profiles.css'
import '../../lib/app/options/optionsPage.css'
import { startOptions } from '../../lib/app/options.tsx'

const root = document.getElementById('root')
if (root) void startOptions(root)
